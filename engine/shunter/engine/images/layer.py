"""A layer's tar as data: its files go into the store one by one, its paths are never paths of this machine.

So no member can reach anything, whatever it is called and whichever symlink it lies below. Owners aren't
kept: a step isn't any of them. Nor are modes, but for the executable bit: a step may read everything.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, cast

from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.storage import FileStore
from shunter.engine.images.stream import BROKEN, PIECE, Packed, Readable, TarStream, broken
from shunter.engine.store.names import shown, to_bytes
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry
from shunter.engine.values import File

MOST_BYTES: Final = 64 << 30
MOST_ENTRIES: Final = 2_000_000
MOST_DEPTH: Final = 256
_LONGEST_NAME: Final = 255

_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"
_META: Final = ".wh..wh."


@dataclass(slots=True)
class Layer:
    """What one layer changes: `entries` come, `whiteouts` go, and of `opaque` folders what was in them.

    `links` are hard links to files that lower layers have, by path. `left_out` are the devices, pipes and
    sockets, which a step can't have.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    whiteouts: set[str] = field(default_factory=set)
    opaque: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read_layer(
    source: BinaryIO,
    diff_id: str,
    store: FileStore,
    *,
    what: str,
    most: int = MOST_BYTES,
    proceed: Callable[[], None] = lambda: None,
) -> Layer:
    """The layer in `source`; raises ImageUnavailable where it can't be trusted, or isn't `diff_id`.

    `proceed` is called for every member, and ends the reading by raising.
    """
    try:
        stream = TarStream(source, most=most)
        with store.scratch("layer") as folder:
            layer = _Reading(store, folder / "file", what, proceed).run(stream)
        stream.drain()
    except (Packed, *BROKEN) as error:
        raise broken(what, error) from None
    if stream.digest != diff_id:
        raise ImageUnavailable(f"{what} isn't what its digest says: expected {diff_id}, got {stream.digest}")
    return layer


class _Reading:
    def __init__(self, store: FileStore, draft: Path, what: str, proceed: Callable[[], None]) -> None:
        self._store = store
        self._draft = draft
        self._what = what
        self._proceed = proceed
        self._layer = Layer()

    def run(self, stream: TarStream) -> Layer:
        tar = tarfile.TarFile(fileobj=cast(BinaryIO, stream), encoding="utf-8", errors="surrogateescape")
        count = 0
        while (member := tar.next()) is not None:
            self._proceed()
            vars(tar)["members"].clear()  # it would keep them all
            count += 1
            if count > MOST_ENTRIES:
                raise Packed(f"it has more than {MOST_ENTRIES} entries")
            self._member(tar, member)
        return self._layer

    def _member(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        path = self._path(member.name)
        parent, _, name = path.rpartition("/")
        if not path:
            return
        self._folders(parent)
        if name == _OPAQUE:
            self._layer.opaque.add(parent)
        elif name.startswith(_WHITEOUT):
            self._whiteout(parent, name)
        elif member.isfile():
            self._put(path, self._file(tar, member))
        elif member.isdir():
            self._put(path, FolderEntry())
        elif member.issym():
            self._put(path, LinkEntry(inside(path, member.linkname)))
        elif member.islnk():
            self._link(path, self._path(member.linkname))
        else:
            self._layer.left_out.append(path)

    def _path(self, name: str) -> str:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts or "\0" in name:
            raise Packed(f"{shown(name)} leads out of it")
        if any(len(to_bytes(part)) > _LONGEST_NAME for part in parts):
            raise Packed(f"{shown(name)} has a part of more than {_LONGEST_NAME} bytes")
        if len(parts) > MOST_DEPTH:
            raise Packed(f"{shown(name)} is more than {MOST_DEPTH} folders deep")
        return "/".join(parts)

    def _folders(self, path: str) -> None:
        """Make sure of the folders down to `path`; what lies below a symlink would land elsewhere."""
        entries, links = self._layer.entries, self._layer.links
        missing: list[str] = []
        while path and not isinstance(found := entries.get(path), FolderEntry):
            if found is not None or path in links:
                kind = "a symlink" if isinstance(found, LinkEntry) else "a file"
                raise Packed(f"it has something below {shown(path)}, which is {kind}")
            missing.append(path)
            path = path.rpartition("/")[0]
        for folder in reversed(missing):
            entries[folder] = FolderEntry()

    def _whiteout(self, parent: str, name: str) -> None:
        if name.startswith(_META):
            return  # notes of a file system that is gone
        hidden = name.removeprefix(_WHITEOUT)
        if hidden in ("", ".", ".."):
            raise Packed(f"{shown(name)} in it removes nothing that can be named")
        self._layer.whiteouts.add(f"{parent}/{hidden}" if parent else hidden)

    def _put(self, path: str, entry: Entry) -> None:
        before = self._layer.entries.get(path)
        if isinstance(before, FolderEntry) and not isinstance(entry, FolderEntry):
            raise Packed(f"{shown(path)} is a folder in it, and something else as well")
        self._layer.links.pop(path, None)
        self._layer.entries[path] = entry

    def _link(self, path: str, target: str) -> None:
        """What this layer hasn't got so far, a lower one may have."""
        found = self._layer.entries.get(target)
        if isinstance(found, FolderEntry):
            raise Packed(_dangling(path, target))
        if found is not None:
            self._put(path, found)
        elif isinstance(self._layer.entries.get(path), FolderEntry):
            raise Packed(f"{shown(path)} is a folder in it, and something else as well")
        elif path != target:
            self._layer.entries.pop(path, None)
            self._layer.links[path] = self._layer.links.get(target, target)

    def _file(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> FileEntry:
        executable = bool(member.mode & 0o111)
        content = tar.extractfile(member)
        assert content is not None
        with content:
            if member.size <= PIECE:
                data = content.read()
                if len(data) != member.size:
                    raise Packed("it ends too early")
                file = self._store.put_bytes(data, "file", executable=executable)
            else:
                file = self._large(content, member.size, executable=executable)
        return FileEntry(file.digest, file.size, file.executable)

    def _large(self, content: Readable, size: int, *, executable: bool) -> File:
        if size > MOST_BYTES:
            raise Packed(f"a file in it claims to have {size} bytes")
        with open(self._draft, "xb") as draft:
            while piece := content.read(PIECE):
                self._proceed()
                draft.write(piece)
            if draft.tell() != size:
                raise Packed("it ends too early")
        self._draft.chmod(0o755 if executable else 0o644)
        return self._store.take_file(self._draft, "file")


def linked(layer: Layer, below: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries of `layer` with its links to what `below` has; raises Packed where one leads to no file."""
    entries = dict(layer.entries)
    for path, target in layer.links.items():
        found = below.get(target)
        if found is None or isinstance(found, FolderEntry):
            raise Packed(_dangling(path, target))
        entries[path] = LinkEntry(inside(path, found.target)) if isinstance(found, LinkEntry) else found
    return entries


def _dangling(path: str, target: str) -> str:
    return f"{shown(path)} in it is a hard link to {shown(target)}, which it doesn't have as a file"


def inside(path: str, target: str) -> str:
    """The target of the symlink at `path` as a relative one that stays in the tree, as `/..` is `/`."""
    up = path.count("/")
    if target.startswith("/"):
        return _climbing(up, _without_climbing(target))
    level = up
    for part in target.split("/"):
        level += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if level < 0:
            return _clamped(path, target)
    return target or "."


def _clamped(path: str, target: str) -> str:
    place = path.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            place = place[:-1]
        elif part not in ("", "."):
            place.append(part)
    return _climbing(path.count("/"), "/".join(place))


def _without_climbing(target: str) -> str:
    parts = [part for part in target.split("/") if part not in ("", ".")]
    while parts and parts[0] == "..":
        parts.pop(0)
    return "/".join(parts)


def _climbing(up: int, rest: str) -> str:
    return "../" * up + rest if rest else "/".join([".."] * up) or "."
