"""An image in an archive: what `docker save` writes, or a tar of an OCI layout. It is read where it lies."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final, cast

from shunter.engine.errors import ImageUnavailable
from shunter.engine.images import documents
from shunter.engine.images.documents import MOST_BYTES, Config, Descriptor, Index, Manifest
from shunter.engine.images.source import Described, LayerPlace, Proceed
from shunter.engine.images.stream import BROKEN, PIECE, Packed

MOST_MEMBERS: Final = 100_000
_HINT: Final = "give what `docker save IMAGE -o FILE` writes, or a tar of an OCI layout"


@dataclass(frozen=True, slots=True)
class _Place:
    """A file in the archive."""

    offset: int
    size: int


class ArchiveSource:
    """Reads the image in the open file `stream`, called `name`, for `machine`."""

    def __init__(self, stream: BinaryIO, name: str, *, machine: str) -> None:
        self._stream = stream
        self._name = name
        self._machine = machine
        try:
            self._files, self._links = _listed(stream)
        except (Packed, *BROKEN) as error:
            raise _no_image(name, str(error) or "it ends too early") from None

    def describe(self) -> Described:
        """What it is made of. OCI comes first: newer `docker save` writes both."""
        if self._find("index.json") is not None:
            config, places = self._layout()
        elif self._find("manifest.json") is not None:
            config, places = self._saved()
        else:
            raise _no_image(self._name, "it has neither index.json nor manifest.json")
        documents.check_machine(config, self._machine, self._name)
        if len(places) != len(config.rootfs.diff_ids):
            raise ImageUnavailable(
                f"{self._name} lists other layers in its configuration than in its manifest"
            )
        pairs = zip(config.rootfs.diff_ids, places, strict=True)
        return Described(config.variables, tuple(LayerPlace(diff_id, place) for diff_id, place in pairs))

    @contextmanager
    def layer(self, place: LayerPlace, _: Proceed, /) -> Iterator[BinaryIO]:
        """A layer where it lies in the archive."""
        found = self._find(place.place)
        if found is None:
            raise ImageUnavailable(f"{self._name} lacks its own layer {place.place}")
        yield cast(BinaryIO, io.BufferedReader(_Part(self._stream, found)))

    def _layout(self) -> tuple[Config, tuple[str, ...]]:
        name = self._name
        found: Manifest | Index = documents.read_document(
            self._read("index.json"), Index, f"index.json of {name}"
        )
        for _ in range(3):
            if isinstance(found, Manifest):
                what = f"the configuration in {name}"
                config = documents.read_document(self._blob(found.config), Config, what)
                return config, tuple(_blob_name(layer) for layer in found.layers)
            found = documents.read_manifest(self._blob(self._chosen(found)), f"a manifest in {name}")
        raise ImageUnavailable(f"{name} is a list of lists of images")

    def _chosen(self, index: Index) -> Descriptor:
        if len(index.manifests) == 1:
            return index.manifests[0]
        if not any(entry.platform for entry in index.manifests):
            raise ImageUnavailable(
                f"{self._name} holds {len(index.manifests)} images, and nothing says which one is meant",
                hint="save one image alone",
            )
        return documents.for_machine(index, self._machine, self._name)

    def _saved(self) -> tuple[Config, tuple[str, ...]]:
        images = documents.read_saved(self._read("manifest.json"), f"manifest.json of {self._name}")
        if len(images) != 1:
            raise ImageUnavailable(
                f"{self._name} holds {len(images)} images, and nothing says which one is meant",
                hint="save one image alone",
            )
        what = f"the configuration in {self._name}"
        return documents.read_document(self._read(images[0].Config), Config, what), images[0].Layers

    def _blob(self, descriptor: Descriptor) -> bytes:
        name = _blob_name(descriptor)
        return documents.verified(self._read(name), descriptor.digest, f"{name} in {self._name}")

    def _read(self, path: str) -> bytes:
        found = self._find(path)
        if found is None:
            raise ImageUnavailable(f"{self._name} lacks {path[:200]!r}, which it names itself")
        if found.size > MOST_BYTES:
            raise ImageUnavailable(f"{path} in {self._name} has more than {MOST_BYTES} bytes")
        self._stream.seek(found.offset)
        return self._stream.read(found.size)

    def _find(self, path: str) -> _Place | None:
        """Older `docker save` writes a layer that several images share once, and links elsewhere."""
        path = _normal(path)
        for _ in range(10):
            if path not in self._links:
                return self._files.get(path)
            path = self._links[path]
        return None


class _Part(io.RawIOBase):
    """A part of a file as a file."""

    def __init__(self, stream: BinaryIO, place: _Place) -> None:
        self._stream = stream
        self._place = place
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._place.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast(bytearray, buffer))
        left = max(0, self._place.size - self._position)
        self._stream.seek(self._place.offset + self._position)
        piece = self._stream.read(min(len(view), left))
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


class _Bounded:
    """A file for `tarfile` that hands out no long header."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.tell, self.seek = stream.tell, stream.seek

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= PIECE:
            raise Packed(f"a header claims to be longer than {PIECE} bytes")
        return self._stream.read(size)


def _listed(stream: BinaryIO) -> tuple[dict[str, _Place], dict[str, str]]:
    """Files by their path, and where links lead."""
    stream.seek(0)
    files: dict[str, _Place] = {}
    links: dict[str, str] = {}
    tar = tarfile.TarFile(
        fileobj=cast(BinaryIO, _Bounded(stream)), encoding="utf-8", errors="surrogateescape"
    )
    count = 0
    while (member := tar.next()) is not None:
        vars(tar)["members"].clear()  # it would keep them all
        count += 1
        if count > MOST_MEMBERS:
            raise Packed(f"it has more than {MOST_MEMBERS} entries")
        name = _normal(member.name)
        if member.isreg() and not member.issparse():
            files[name] = _Place(member.offset_data, member.size)
        elif member.issym():
            links[name] = _normal(str(PurePosixPath(name).parent / member.linkname))
        elif member.islnk():
            links[name] = _normal(member.linkname)
    return files, links


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _blob_name(descriptor: Descriptor) -> str:
    return "blobs/" + descriptor.digest.replace(":", "/")


def _no_image(name: str, reason: str) -> ImageUnavailable:
    return ImageUnavailable(f"{name} is no archive of an image: {reason}", hint=_HINT)
