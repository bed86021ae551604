"""The image that another is built on: read from an archive, its layers held against their digests."""

from __future__ import annotations

import hashlib
import json
import platform
import posixpath
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from shunter.sdk import Failure, File

LAYER = "application/vnd.oci.image.layer.v1.tar"
_MOST_BYTES = 8 << 20
_ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "arm",
    "i686": "386",
    "loongarch64": "loong64",
}


@dataclass(frozen=True)
class Blob:
    """A layer as it lies at `path`; `digest` is the hexadecimal SHA-256 of its bytes, packed or not."""

    path: Path
    digest: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Base:
    """An image: its configuration, and its layers from the bottom up."""

    config: dict[str, Any]
    layers: list[Blob]

    @property
    def diff_ids(self) -> list[str]:
        """The digests of the layers, unpacked."""
        return list(self.config.get("rootfs", {}).get("diff_ids", []))

    @classmethod
    def nothing(cls) -> Base:
        """An image for this machine that holds nothing."""
        return cls({"architecture": architecture(), "os": "linux"}, [])


def architecture() -> str:
    """What images call this machine's processor."""
    machine = platform.machine()
    return _ARCHITECTURES.get(machine, machine)


def read_base(archive: File, scratch: Path) -> Base:
    """The image in `archive`, its layers below `scratch`; raises Failure where it is none."""
    try:
        with tarfile.open(archive, "r:") as tar:
            return _Reading(archive.name, tar, scratch).base()
    except (tarfile.TarError, EOFError) as error:
        raise Failure(f"{archive.name} is no archive of an image: {error}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Failure(f"the documents in {archive.name} can't be read: {error!r}") from None


class _Reading:
    def __init__(self, name: str, tar: tarfile.TarFile, scratch: Path) -> None:
        self._name = name
        self._tar = tar
        self._scratch = scratch
        self._members = {posixpath.normpath(member.name): member for member in tar}

    def base(self) -> Base:
        if "index.json" in self._members:
            return self._from_layout()
        if "manifest.json" in self._members:
            return self._from_save()
        return self._refuse("it has neither index.json nor manifest.json")

    def _from_layout(self) -> Base:
        found = self._json("index.json")
        while "manifests" in found:
            found = json.loads(self._blob(self._chosen(found["manifests"])))
        config = json.loads(self._blob(found["config"]["digest"]))
        layers = [
            self._layer(f"blobs/sha256/{_hexadecimal(each['digest'])}", _hexadecimal(each["digest"]), each)
            for each in found["layers"]
        ]
        return self._checked(Base(config, layers))

    def _from_save(self) -> Base:
        images = self._json("manifest.json")
        if len(images) != 1:
            self._refuse(f"it holds {len(images)} images; save one alone")
        config = self._json(images[0]["Config"])
        pairs = zip(images[0]["Layers"], config["rootfs"]["diff_ids"], strict=True)
        layers = [self._layer(path, _hexadecimal(digest), {"mediaType": LAYER}) for path, digest in pairs]
        return self._checked(Base(config, layers))

    def _chosen(self, manifests: list[dict[str, Any]]) -> str:
        fitting = [
            each
            for each in manifests
            if len(manifests) == 1 or (each.get("platform") or {}).get("architecture") == architecture()
        ]
        if not fitting:
            self._refuse(f"it holds {len(manifests)} images, and none is for {architecture()}")
        return str(fitting[0]["digest"])

    def _checked(self, base: Base) -> Base:
        if len(base.layers) != len(base.diff_ids):
            self._refuse("its configuration lists other layers than its manifest")
        own = base.config.get("architecture")
        if own not in ("", None, architecture()) or base.config.get("os") not in ("", None, "linux"):
            self._refuse(f"it is for {base.config.get('os')}/{own}, and this is linux/{architecture()}")
        return base

    def _layer(self, path: str, digest: str, about: dict[str, Any]) -> Blob:
        target = self._scratch / digest
        hasher = hashlib.sha256()
        with self._open(path) as source, target.open("wb") as copy:
            while piece := source.read(1 << 20):
                hasher.update(piece)
                copy.write(piece)
        if hasher.hexdigest() != digest:
            self._refuse(f"its layer {path} isn't what its digest says")
        return Blob(target, digest, target.stat().st_size, _media_type(str(about.get("mediaType", LAYER))))

    def _blob(self, digest: str) -> bytes:
        content = self._read(f"blobs/sha256/{_hexadecimal(digest)}")
        if hashlib.sha256(content).hexdigest() != _hexadecimal(digest):
            self._refuse(f"its document {digest} isn't what its digest says")
        return content

    def _json(self, path: str) -> Any:
        return json.loads(self._read(path))

    def _read(self, path: str) -> bytes:
        with self._open(path) as source:
            content: bytes = source.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            self._refuse(f"{path} in it has more than {_MOST_BYTES} bytes")
        return content

    def _open(self, path: str) -> Any:
        """A file of the archive; a layer that several images share may be a link."""
        name = posixpath.normpath(path)
        member = self._members.get(name)
        for _ in range(10):
            if member is None or not (member.issym() or member.islnk()):
                break
            start = posixpath.dirname(name) if member.issym() else ""
            name = posixpath.normpath(posixpath.join(start, member.linkname))
            member = self._members.get(name)
        if member is None or not member.isreg():
            self._refuse(f"it lacks {path}, which it names itself")
        return self._tar.extractfile(member)

    def _refuse(self, reason: str) -> NoReturn:
        raise Failure(f"{self._name} can't be built on: {reason}")


def _hexadecimal(digest: str) -> str:
    kind, _, number = digest.partition(":")
    if kind != "sha256" or len(number) != 64 or set(number) - set("0123456789abcdef"):
        raise ValueError(f"not a digest: {digest[:80]!r}")
    return number


def _media_type(given: str) -> str:
    """Docker's own names for layers as OCI's."""
    packing = next((suffix for suffix in ("gzip", "zstd") if given.endswith(suffix)), None)
    return f"{LAYER}+{packing}" if packing else LAYER
