"""Leases: since when the processes that are at work have been using a store.

A process that uses a store holds a shared lock on one byte of the file `locks`, whose number is the second
at which it began. So the kernel ends a lease with its process, however that ends, nothing is left over, and
one question gives the oldest: what was needed since then is in use.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time

from shunter.engine.store.home import Home

_LEASES = 1 << 62
_LAST = (1 << 63) - 1


class Lease:
    """This process's lease of one home folder, from its first use of the store on."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._held: int | None = None
        self._starting = threading.Lock()

    def begin(self) -> None:
        """From now on, what is needed stays; it costs nothing where it has begun."""
        if self._held is None:
            with self._starting:
                if self._held is None:
                    self._held = self._take(int(time.time()))

    def end(self) -> None:
        """Nothing is needed any more; it can begin again."""
        with self._starting:
            if self._held is not None:
                os.close(self._held)
                self._held = None

    def _take(self, second: int) -> int:
        with self._home.guard():
            handle = _open(self._home)
            try:
                fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _request(fcntl.F_RDLCK, _LEASES + second, 1))
            except BaseException:
                os.close(handle)
                raise
            return handle


def oldest_lease(home: Home) -> float | None:
    """The second (since the epoch) at which the oldest lease began; None where nobody has one."""
    with home.guard():
        handle = _open(home)
        try:
            end, oldest = _LAST, None
            while end > _LEASES:
                kind, start = _conflict(handle, end - _LEASES)
                if kind == fcntl.F_UNLCK:
                    break
                oldest = end = start
        finally:
            os.close(handle)
    return None if oldest is None else float(oldest - _LEASES)


def _conflict(handle: int, length: int) -> tuple[int, int]:
    """Kind and start of some lock among the first `length` leases; the kernel gives any one of them."""
    asked = _request(fcntl.F_WRLCK, _LEASES, length)
    kind, _, start, _, _ = struct.unpack("hhqqi4x", fcntl.fcntl(handle, fcntl.F_OFD_GETLK, asked))
    return kind, start


def _open(home: Home) -> int:
    return os.open(home.root / "locks", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _request(kind: int, start: int, length: int) -> bytes:
    """A `struct flock`: type, whence, start, length, process."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, start, length, 0)
