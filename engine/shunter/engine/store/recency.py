"""When content was last needed: the access time of its file, to about a minute.

It says only what is too young to be removed; which results go first is the index's to know. A seal is set at
the same time, since whatever changes a time breaks it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from shunter.engine.store.seal import set_seal

FRESH = 60.0
"""Seconds in which use isn't noted again: a run that was just answered by the cache writes nothing."""


def renew(path: str) -> bool:
    """Note that the content at `path`, which is right, is needed; whether it is (still) there.

    Nothing is noted on a disk that can't be written: nothing can be removed from it either.
    """
    try:
        needed = os.stat(path, follow_symlinks=False).st_atime
    except (FileNotFoundError, NotADirectoryError):
        return False
    if abs(time.time() - needed) >= FRESH:
        set_seal(path)
    return True


def renew_name(path: Path) -> None:
    """Note that a small file is needed that has no seal."""
    if abs(time.time() - path.stat().st_atime) >= FRESH:
        with suppress(OSError):
            os.utime(path)


def read_quietly(path: str | Path) -> bytes:
    """The content of a file, without noting it as needed: looking after a store is no use of it."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        handle = os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # only an owner may
        handle = os.open(path, flags)
    with open(handle, "rb") as stream:
        return stream.read()
