"""The gate: whoever puts content into a store goes through it, whoever removes some closes it.

To find that content is there and to note that it is needed are two steps, and so are seeing that nobody
needs it and removing it. The gate keeps them from falling between each other. It is closed for some
milliseconds at a time.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from shunter.engine.errors import StoreError
from shunter.engine.store.home import Home

_PLACE = (1 << 61) + (1 << 57)
_PAUSE = 0.002
_PATIENCE = 120.0
"""Seconds to wait for those who are going through: a large folder that is being taken."""


class Gate:
    """The gate of one home folder, as one process sees it; several threads may go through at once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._inside = 0
        self._counting = threading.Lock()
        self._handle: int | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Go through: nothing is removed meanwhile."""
        with self._counting:
            if not self._inside:
                with self._home.guard():
                    self._lock(fcntl.F_RDLCK)
            self._inside += 1
        try:
            yield
        finally:
            with self._counting:
                self._inside -= 1
                if not self._inside:
                    self._lock(fcntl.F_UNLCK)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Keep everybody out: nothing is put in meanwhile, by no process and no thread."""
        with self._home.guard():
            handle = _open(self._home)
            try:
                _close(handle)
                yield
            finally:
                os.close(handle)

    def end(self) -> None:
        """Let go of the file; it is opened again when it is needed."""
        with self._counting:
            if self._handle is not None and not self._inside:
                os.close(self._handle)
                self._handle = None

    def _lock(self, kind: int) -> None:
        if self._handle is None:
            self._handle = _open(self._home)
        fcntl.fcntl(self._handle, fcntl.F_OFD_SETLKW, _request(kind))


def _close(handle: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _request(fcntl.F_WRLCK))
            return
        except (BlockingIOError, PermissionError):
            if time.monotonic() > deadline:
                raise StoreError(
                    f"another process has been putting files into the store for {_PATIENCE:.0f} seconds",
                    hint="nothing that is needed was removed; run this again when it is done",
                ) from None
        time.sleep(_PAUSE)


def _open(home: Home) -> int:
    return os.open(home.root / "locks", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _request(kind: int) -> bytes:
    """A `struct flock`: type, whence, start, length, process."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, _PLACE, 1, 0)
