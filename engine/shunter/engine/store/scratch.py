"""Work in progress: a private folder for each process, swept once the process is gone."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shunter.engine.store.home import Home, make_passage
from shunter.engine.store.locks import take_lock
from shunter.engine.store.notice import notice
from shunter.engine.store.removal import remove_folder

_LOCK = ".lock"


class Scratch:
    """The folder of this process below `scratch/`, made when it is first needed.

    The process holds a lock that lies beside it as long as it lives: one for nothing else, so that removing
    the file `locks` by hand gets no living process swept. The folder is on the same file system as the
    content, so that things enter the store by rename.
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
            if self._folder is not None and self._held is not None:
                _let_go(self._folder, self._held)
                self._folder = self._held = None

    def _own(self) -> Path:
        with self._starting:
            if self._folder is None:
                with self._home.guard():
                    self.sweep()
                    self._folder = self._make()
            return self._folder

    def _make(self) -> Path:
        while True:
            folder = self._home.scratch / os.urandom(8).hex()[:15]
            self._held = _hold(folder)
            if self._held is not None:
                make_passage(folder)
                return folder

    def sweep(self) -> None:
        """Remove what processes left behind that were killed."""
        for identity in {name.removesuffix(_LOCK) for name in os.listdir(self._home.scratch)}:
            folder = self._home.scratch / identity
            held = _hold(folder) if _is_identity(identity) else None
            if held is not None:
                _let_go(folder, held)


def _hold(folder: Path) -> int | None:
    """Take the lock of a folder, which need not be there; None where a process has it, or is removing it."""
    lock = _lock(folder)
    held = take_lock(lock)
    if held is not None and not _is_at(lock, held):
        os.close(held)
        return None
    return held


def _let_go(folder: Path, held: int) -> None:
    """Remove a folder and then its lock: as long as there is one of them, the lock is held."""
    discard(folder)
    _lock(folder).unlink(missing_ok=True)
    os.close(held)


def _lock(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def discard(path: Path) -> None:
    """Remove a folder; what can't be removed is logged and left."""
    try:
        remove_folder(path)
    except OSError as error:
        notice("can't remove %s: %s", path, error)


def _is_identity(name: str) -> bool:
    return len(name) == 15 and set(name) <= set("0123456789abcdef")
