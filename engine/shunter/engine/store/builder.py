"""Writing a tree out as a folder, by descriptor, however long its paths are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from shunter.engine.store.names import to_bytes
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree

Place: TypeAlias = Callable[[FileEntry, bytes, int], None]
"""Puts a file's content at a name of the folder that is open as a descriptor."""


def build_tree(tree: Tree, target: Path, place: Place, *, mode: int | None = 0o755) -> None:
    """Make the folder `target`, which isn't there yet, with all of `tree` in it.

    Folders get `mode`, or what the umask leaves of 0777 where it is None.
    """
    os.mkdir(target)
    stack = [_open(os.fsencode(target), None, mode)]
    parents = [""]
    try:
        for path, entry in tree.entries:
            parent, _, name = path.rpartition("/")
            while parents[-1] != parent:
                parents.pop()
                os.close(stack.pop())
            _add(entry, to_bytes(name), stack[-1], place)
            if isinstance(entry, FolderEntry):
                stack.append(_open(to_bytes(name), stack[-1], mode))
                parents.append(path)
    finally:
        for handle in stack:
            os.close(handle)


def _add(entry: FileEntry | LinkEntry | FolderEntry, name: bytes, parent: int, place: Place) -> None:
    match entry:
        case FileEntry():
            place(entry, name, parent)
        case LinkEntry(target):
            os.symlink(to_bytes(target), name, dir_fd=parent)
        case FolderEntry():
            os.mkdir(name, dir_fd=parent)


def _open(name: bytes, parent: int | None, mode: int | None) -> int:
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    if mode is not None:
        os.fchmod(handle, mode)
    return handle
