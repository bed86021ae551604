"""When content was last needed: the access time of its file, to about a minute.

It says only what is too young to be removed; which results go first is the index's to know. The time of
modification never changes, since steps can see it.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

FRESH = 60.0
"""Seconds in which use isn't noted again: a run that was just answered by the cache writes nothing."""

_READ_ONLY = {errno.EROFS, errno.EPERM, errno.EACCES}


def renew(path: str | Path, found: os.stat_result | None = None) -> None:
    """Note that the content at `path` is needed; `found` is what `stat` just said of it, where it was asked.

    Nothing is noted on a disk that can't be written: nothing can be removed from it either.
    """
    found = os.stat(path) if found is None else found
    now = time.time_ns()
    if abs(now - found.st_atime_ns) < FRESH * 1e9:
        return
    try:
        os.utime(path, ns=(now, found.st_mtime_ns))
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise


def open_quietly(path: str | bytes | Path) -> int:
    """Open a file for reading without noting it as needed; looking after a store is no use of it."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # only an owner may
        return os.open(path, flags)


def read_quietly(path: str | bytes | Path) -> bytes:
    """The content of a small file, in the same way."""
    with open(open_quietly(path), "rb") as stream:
        return stream.read()
