"""Real folders of the store, compared with the lists of entries that they were made of.

By descriptor, however long their paths are.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from shunter.engine.store.blobs import prove
from shunter.engine.store.names import shown, to_bytes, to_text
from shunter.engine.store.seal import is_sealed, set_seal
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree

Place: TypeAlias = tuple[str, Entry, bytes, int]
"""A path in a tree, what should be there, its last part, and the open folder that it is in."""


def is_untouched(top: str) -> bool:
    """Whether every file and folder from `top` down has its seal.

    Adding, removing, renaming and exchanging something breaks the seal of the folder that it is in.
    """
    try:
        return _is_untouched(top, None)
    except OSError:
        return False


def difference(top: str, tree: Tree) -> str | None:
    """How the folder `top` differs from `tree`, every byte of its files read; None where it doesn't.

    What was right of it is sealed again.
    """
    try:
        known = {path for path, _ in tree.entries}
        for path in _listed(top):
            if path not in known:
                return f"{shown(path)} in the folder wasn't there"
        for path, entry, name, parent in places(top, tree):
            if not _is_entry(entry, name, parent):
                return f"{shown(path)} in the folder isn't what it was"
        seal_folders(top, tree)
    except (FileNotFoundError, NotADirectoryError):
        return "a folder of it is gone"
    return None


def seal_folders(top: str, tree: Tree) -> None:
    """Seal the folder `top`, which is right, and those in it; files are sealed by themselves."""
    for _, entry, name, parent in places(top, tree):
        if isinstance(entry, FolderEntry):
            set_seal(name, parent)
    set_seal(top)


def places(top: str, tree: Tree) -> Iterator[Place]:
    """Go through `tree` along the real folder `top`; raises OSError where a folder of it isn't there."""
    stack = [_open(top, None)]
    parents = [""]
    try:
        for path, entry in tree.entries:
            parent, _, last = path.rpartition("/")
            while parents[-1] != parent:
                parents.pop()
                os.close(stack.pop())
            name = to_bytes(last)
            yield path, entry, name, stack[-1]
            if isinstance(entry, FolderEntry):
                stack.append(_open(name, stack[-1]))
                parents.append(path)
    finally:
        for handle in stack:
            os.close(handle)


def _is_untouched(name: str, parent: int | None) -> bool:
    with _opened(name, parent) as folder:
        if not is_sealed(os.fstat(folder)):
            return False
        inner = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                elif not entry.is_symlink() and not is_sealed(entry.stat(follow_symlinks=False)):
                    return False
        return all(_is_untouched(name, folder) for name in inner)


def _listed(name: str, parent: int | None = None, prefix: str = "") -> Iterator[str]:
    """The paths of everything below a folder."""
    with _opened(name, parent) as folder:
        for found in os.listdir(folder):
            path = prefix + to_text(os.fsencode(found))
            yield path
            if stat.S_ISDIR(os.stat(found, dir_fd=folder, follow_symlinks=False).st_mode):
                yield from _listed(found, folder, path + "/")


def _is_entry(entry: Entry, name: bytes, parent: int) -> bool:
    if isinstance(entry, FileEntry):
        return prove(name, entry.digest, executable=entry.executable, parent=parent)
    try:
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return False
    if isinstance(entry, LinkEntry):
        return stat.S_ISLNK(mode) and os.readlink(name, dir_fd=parent) == to_bytes(entry.target)
    return stat.S_ISDIR(mode)


@contextmanager
def _opened(name: str, parent: int | None) -> Iterator[int]:
    handle = _open(name, parent)
    try:
        yield handle
    finally:
        os.close(handle)


def _open(name: str | bytes, parent: int | None) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
