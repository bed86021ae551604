"""Listing a user's folder, following no symlink."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.errors import InputError
from shunter.engine.store.glance import Glance
from shunter.engine.store.ingest import kind_of
from shunter.engine.store.names import shown, to_text
from shunter.engine.store.statcache import Stamp, stamp
from shunter.engine.store.tree import FolderEntry, LinkEntry

MAX_DEPTH = 256
"""How many folders deep a folder may be, as for what a container leaves."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file that hasn't been read yet; `path` is absolute."""

    path: bytes
    stamp: Stamp
    executable: bool


Listed: TypeAlias = Seen | LinkEntry | FolderEntry


def look(path: bytes, found: os.stat_result) -> Seen:
    """The file at `path`, of which `stat` says `found`; raises InputError where it is no regular file."""
    if not stat.S_ISREG(found.st_mode):
        raise InputError(
            f"{shown_path(path)} is {kind_of(found.st_mode)}, not a file or folder",
            hint="only files, folders and symlinks can be given",
        )
    return Seen(path, stamp(found), bool(found.st_mode & stat.S_IXUSR))


def list_folder(top: bytes, glance: Glance) -> Iterator[tuple[str, Listed]]:
    """Everything below `top` by its relative path, in any order; raises InputError.

    `glance` is told what is seen.
    """
    for prefix, names, found in _levels(top):
        glance.add(prefix, names, found)
        for name, one in zip(names, found, strict=True):
            yield to_text(prefix + name), _listed(top + b"/" + prefix + name, one)


def glance_at(top: bytes) -> Digest:
    """What a glance at the folder `top` shows: one digest; raises InputError."""
    glance = Glance()
    for level in _levels(top):
        glance.add(*level)
    return glance.digest


def _levels(top: bytes) -> Iterator[tuple[bytes, Sequence[bytes], Sequence[os.stat_result]]]:
    """Each folder from `top` down: its relative path with a slash at the end, its names, and their stat."""
    pending = [(b"", 1)]
    while pending:
        prefix, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise InputError(f"{shown_path(top + b'/' + prefix)} is more than {MAX_DEPTH} folders deep")
        names, found = _entries(top + b"/" + prefix)
        pending += [
            (prefix + name + b"/", depth + 1)
            for name, one in zip(names, found, strict=True)
            if stat.S_ISDIR(one.st_mode)
        ]
        yield prefix, names, found


def refusal(path: bytes, error: OSError) -> InputError:
    """What `error`, met at a user's `path`, means to a person."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return InputError(
            f"{shown_path(path)} isn't there", hint="check the path; it is taken from the current folder"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return InputError(
            f"{shown_path(path)} can't be read: permission denied", hint="make it readable for this user"
        )
    return InputError(f"{shown_path(path)} can't be read: {(error.strerror or str(error)).lower()}")


def shown_path(path: bytes) -> str:
    """A path for a message."""
    return shown(to_text(path).rstrip("/"))


def _entries(folder: bytes) -> tuple[list[bytes], list[os.stat_result]]:
    try:
        with os.scandir(folder) as listed:
            entries = list(listed)
        return [entry.name for entry in entries], [entry.stat(follow_symlinks=False) for entry in entries]
    except OSError as error:
        raise refusal(folder, error) from error


def _listed(path: bytes, found: os.stat_result) -> Listed:
    if stat.S_ISDIR(found.st_mode):
        return FolderEntry()
    if not stat.S_ISLNK(found.st_mode):
        return look(path, found)
    try:
        return LinkEntry(to_text(os.readlink(path)))
    except OSError as error:
        raise refusal(path, error) from error
