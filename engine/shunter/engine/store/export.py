"""Copies for the user: with normal modes, of inodes that the store doesn't share."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shunter.engine.errors import OutputError, StoreCorrupt
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.builder import build_tree
from shunter.engine.store.names import shown
from shunter.engine.store.removal import remove_folder
from shunter.engine.store.tree import FileEntry, Tree
from shunter.engine.store.trees import REMEDY


def export_file(entry: FileEntry, target: Path, blobs: Blobs) -> None:
    """Write a copy of a file to `target`, which must not exist yet; atomic. Raises OutputError."""
    with _draft_of(target) as draft:
        _copy(entry, os.fsencode(draft), None, blobs)


def export_tree(tree: Tree, target: Path, blobs: Blobs) -> None:
    """Write a copy of a folder to `target`, which must not exist yet; atomic. Raises OutputError."""
    with _draft_of(target) as draft:
        build_tree(tree, draft, lambda entry, name, parent: _copy(entry, name, parent, blobs), mode=None)


@contextmanager
def _draft_of(target: Path) -> Iterator[Path]:
    """A path beside `target` that becomes `target` at the end of the block, or vanishes."""
    if os.path.lexists(target):
        raise OutputError(f"{shown(str(target))} exists already", hint="remove it, or name another place")
    draft = target.with_name(f".shunter-{os.urandom(6).hex()}")
    try:
        yield draft
        draft.rename(target)
    except OSError as error:
        raise _trouble(target, error) from error
    finally:
        with suppress(OSError):
            _remove(draft)


def _copy(entry: FileEntry, name: bytes, parent: int | None, blobs: Blobs) -> None:
    """Copy a blob to a new file, whose mode is what the umask leaves."""
    if not blobs.has(entry.digest, entry.size, executable=entry.executable):
        raise StoreCorrupt(f"the file {entry.digest} isn't in the store", hint=REMEDY)
    source = os.open(blobs.path(entry.digest, executable=entry.executable), os.O_RDONLY | os.O_CLOEXEC)
    try:
        mode = 0o777 if entry.executable else 0o666
        copy = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=parent)
        try:
            content.copy_content(source, copy)
        finally:
            os.close(copy)
    finally:
        os.close(source)


def _remove(draft: Path) -> None:
    if draft.is_dir():
        remove_folder(draft)
    else:
        draft.unlink(missing_ok=True)


def _trouble(target: Path, error: OSError) -> OutputError:
    where = shown(str(target))
    if error.errno == errno.ENOENT:
        return OutputError(
            f"{where} can't be written: its folder isn't there", hint=f"make {target.parent} first"
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            f"{where} can't be written: no space is left", hint="make space, or name another place"
        )
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{where} can't be written: {reason}", hint="name a place that this user can write to")
