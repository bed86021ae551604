"""Work in progress: a private folder for each process, swept once the process is gone."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shunter.engine.store.home import Home, make_passage
from shunter.engine.store.locks import take_lock
from shunter.engine.store.removal import remove_folder

_log = logging.getLogger(__name__)
_LOCK = "lock"


class Scratch:
    """The folder of this process below `scratch/`, made when it is first needed.

    The process holds a lock in it as long as it lives: one that is of no other use, so that whoever removes
    `locks` by hand doesn't have living processes swept. The folder is on the same file system as the content,
    so that things enter the store by rename.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._held: int | None = None
        self._folder: Path | None = None
        self._numbers = itertools.count()
        self._starting = threading.Lock()

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        """A fresh folder whose name begins with `name`; it is removed with all its content at the end."""
        path = self.path(name)
        with self._home.guard():
            make_passage(path)
        try:
            yield path
        finally:
            discard(path)

    def path(self, name: str) -> Path:
        """A fresh path, with nothing at it, whose name begins with `name`."""
        return self._own() / f"{name}-{next(self._numbers)}"

    def close(self) -> None:
        """Remove what is left. The object can be used again afterwards."""
        with self._starting:
            if self._folder is not None:
                discard(self._folder)
                self._folder = None
            if self._held is not None:
                os.close(self._held)
                self._held = None

    def _own(self) -> Path:
        with self._starting:
            if self._folder is None:
                with self._home.guard():
                    self._folder = self._make()
                    self._sweep(self._folder)
            return self._folder

    def _make(self) -> Path:
        while True:
            folder = self._home.scratch / os.urandom(8).hex()[:15]
            try:
                make_passage(folder)
            except FileNotFoundError:  # it was swept before it had its lock
                continue
            self._held = _hold(folder)
            if self._held is not None:
                return folder

    def _sweep(self, own: Path) -> None:
        """Remove what processes left behind that were killed: it is moved into our own folder at once."""
        for name in os.listdir(self._home.scratch):
            left = self._home.scratch / name
            if left == own or not _is_identity(name):
                continue
            held = _hold(left)
            if held is None:
                continue
            swept = own / f"swept-{next(self._numbers)}"
            with suppress(FileNotFoundError):
                os.rename(left, swept)
                discard(swept)
            os.close(held)


def _hold(folder: Path) -> int | None:
    """Take a folder's lock; None where a process has it, or the folder is being swept."""
    lock = folder / _LOCK
    try:
        held = take_lock(lock)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if held is not None and not _is_at(lock, held):
        os.close(held)
        return None
    return held


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except (FileNotFoundError, NotADirectoryError):
        return False


def discard(path: Path) -> None:
    """Remove a folder; what can't be removed is logged and left."""
    try:
        remove_folder(path)
    except OSError as error:
        _log.warning("can't remove %s: %s", path, error)


def _is_identity(name: str) -> bool:
    return len(name) == 15 and set(name) <= set("0123456789abcdef")
