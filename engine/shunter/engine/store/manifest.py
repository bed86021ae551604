"""Trees as bytes and back: what a Directory's digest is the digest of."""

from __future__ import annotations

import json

from shunter.engine.digest import Digest, JsonValue, canonical_json
from shunter.engine.store.links import leads_outside
from shunter.engine.store.names import order, shown
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree

FORMAT = 1

_FILE, _EXECUTABLE, _LINK, _FOLDER = "file", "executable", "link", "folder"


def write_manifest(tree: Tree) -> bytes:
    """`tree` as canonical JSON in ASCII: equal trees, equal bytes."""
    return canonical_json(
        {"format": FORMAT, "entries": [[path, *_fields(entry)] for path, entry in tree.entries]}
    )


def read_manifest(content: bytes) -> Tree:
    """The tree that `write_manifest` wrote; raises ValueError for anything that it can't have written."""
    match json.loads(content):
        case {"format": 1, "entries": list(rows)}:
            return Tree(tuple(map(_row, rows)))
    raise ValueError(f"not a tree of format {FORMAT}")


def check_tree(tree: Tree) -> None:
    """Raise ValueError where `tree` breaks a promise of `Tree`."""
    folders = {""}
    last = b""
    for path, entry in tree.entries:
        place = order(path)
        if place <= last or not all(_is_name(part) for part in path.split("/")):
            raise ValueError(f"not a path in order: {shown(path)}")
        if path.rpartition("/")[0] not in folders:
            raise ValueError(f"not below a folder of the tree: {shown(path)}")
        if isinstance(entry, FolderEntry):
            folders.add(path)
        elif isinstance(entry, LinkEntry) and leads_outside(tree, path):
            raise ValueError(f"a symlink that leads outside: {shown(path)}")
        last = place


def _is_name(part: str) -> bool:
    return part not in ("", ".", "..") and "\0" not in part


def _fields(entry: Entry) -> tuple[JsonValue, ...]:
    match entry:
        case FileEntry(digest, size, executable):
            return (_EXECUTABLE if executable else _FILE, digest, size)
        case LinkEntry(target):
            return (_LINK, target)
        case FolderEntry():
            return (_FOLDER,)


def _row(row: object) -> tuple[str, Entry]:
    match row:
        case [str(path), "file" | "executable" as kind, str(digest), int(size)]:
            return path, FileEntry(Digest(digest), size, kind == _EXECUTABLE)
        case [str(path), "link", str(target)]:
            return path, LinkEntry(target)
        case [str(path), "folder"]:
            return path, FolderEntry()
    raise ValueError(f"not an entry of a tree: {row!r}")
