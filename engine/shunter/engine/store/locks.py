"""Locks between processes, released by the kernel when their holder ends, however it ends.

Each lock is one byte of one file, far beyond its end (open file description locks): there is no file
to be left over, and none whose removal could race with somebody taking it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from shunter.engine.digest import Digest
from shunter.engine.store.home import Home

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05
_FOLDERS = 1 << 60
_NAMES = 1 << 61


class Locks:
    """The locks of one home folder."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @asynccontextmanager
    async def key(self, key: Digest, on_wait: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
        """Hold the lock of an action key, waiting for it without blocking the event loop.

        `on_wait` is called whenever it isn't to be had at once.
        """
        import asyncio

        pause = _FIRST_PAUSE
        while (held := self._take(_number(key))) is None:
            on_wait()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            yield
        finally:
            os.close(held)

    @contextmanager
    def named(self, name: str) -> Iterator[None]:
        """Hold the lock called `name` (a few letters), waiting for it."""
        pause = _FIRST_PAUSE
        number = _NAMES + int.from_bytes(name.encode("ascii")[:7], "big")
        while (held := self._take(number)) is None:
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            yield
        finally:
            os.close(held)

    @contextmanager
    def folder(self, digest: Digest) -> Iterator[None]:
        """Hold the lock of a stored folder's place, waiting for it: others hold it for moments."""
        with self._home.guard():
            held = _open(self._home.root / "locks")
            try:
                fcntl.fcntl(held, fcntl.F_OFD_SETLKW, _request(_FOLDERS + _number(digest)))
                yield
            finally:
                os.close(held)

    def _take(self, number: int) -> int | None:
        with self._home.guard():
            return take_lock(self._home.root / "locks", number)


def take_lock(path: Path, number: int = 0) -> int | None:
    """Lock one byte of the file at `path`, made where it isn't there; None where somebody holds it.

    It is held until the descriptor that is returned is closed. Raises OSError.
    """
    handle = _open(path)
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _request(number))
    except OSError as error:
        os.close(handle)
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return None
        raise
    except BaseException:
        os.close(handle)
        raise
    return handle


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _number(digits: str) -> int:
    return int(digits[:15], 16)


def _request(number: int) -> bytes:
    """A `struct flock`: type, whence, start, length, process."""
    return struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, number, 1, 0)
