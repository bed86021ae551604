"""A directory tree as a list of entries: what a Directory's digest stands for.

Only the executable bit of a file's mode is kept, as git and Bazel do: blobs of equal content share
one read-only inode, and bits that depend on an owner mean nothing without the owner.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.store.names import order


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A regular file; `size` is in bytes."""

    digest: Digest
    size: int
    executable: bool = False


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A symlink; `target` is relative and stays inside the tree."""

    target: str


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A folder; listed on its own so that empty ones survive."""


Entry: TypeAlias = FileEntry | LinkEntry | FolderEntry


@dataclass(frozen=True, slots=True)
class Tree:
    """Entries by path: relative, `/`-separated, no `.` or `..`; every folder is listed before its content.

    They are sorted by the bytes of their parts (`shunter.engine.store.names.order`). Paths and targets
    may hold surrogates for bytes that aren't UTF-8. `tree_of` sorts, and a store checks the rest.
    """

    entries: tuple[tuple[str, Entry], ...]

    def find(self, path: str) -> Entry | None:
        """The entry at exactly `path`, with no symlink followed; None where there is none."""
        position = bisect_left(self.entries, order(path), key=_place)
        if position < len(self.entries) and self.entries[position][0] == path:
            return self.entries[position][1]
        return None

    def below(self, path: str) -> Tree:
        """What is below the folder `path` (all for the empty path), with paths that begin there."""
        if not path:
            return self
        start = bisect_left(self.entries, order(path) + b"\0", key=_place)
        end = bisect_left(self.entries, order(path) + b"\1", key=_place)
        return Tree(tuple((name[len(path) + 1 :], entry) for name, entry in self.entries[start:end]))

    def inside(self, folder: str) -> Tree:
        """The folder `folder`, one name, with this tree in it."""
        inner = ((f"{folder}/{path}", entry) for path, entry in self.entries)
        return Tree(((folder, FolderEntry()), *inner))


def tree_of(entries: Iterable[tuple[str, Entry]]) -> Tree:
    """The tree of `entries`, which may come in any order."""
    return Tree(tuple(sorted(entries, key=_place)))


def _place(item: tuple[str, Entry]) -> bytes:
    return order(item[0])
