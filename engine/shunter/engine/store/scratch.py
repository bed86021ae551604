"""Work in progress: a private folder for each process, swept once the process is gone."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shunter.engine.store.home import Home, make_passage
from shunter.engine.store.locks import Locks
from shunter.engine.store.removal import remove_folder

_log = logging.getLogger(__name__)


class Scratch:
    """The folder of this process below `scratch/`, made when it is first needed.

    Its name is also the name of a lock that the process holds as long as it lives. The folder is on
    the same file system as the content, so that things enter the store by rename.
    """

    def __init__(self, home: Home, locks: Locks) -> None:
        self._home = home
        self._locks = locks
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
                    self.sweep()
                    self._folder = self._make()
            return self._folder

    def _make(self) -> Path:
        identity = os.urandom(8).hex()[:15]
        self._held = self._locks.session(identity)
        folder = self._home.scratch / identity
        make_passage(folder)
        return folder

    def sweep(self) -> None:
        """Remove what processes left behind that were killed."""
        for name in os.listdir(self._home.scratch):
            if not _is_identity(name):
                continue
            held = self._locks.session(name)
            if held is not None:
                discard(self._home.scratch / name)
                os.close(held)


def discard(path: Path) -> None:
    """Remove a folder; what can't be removed is logged and left."""
    try:
        remove_folder(path)
    except OSError as error:
        _log.warning("can't remove %s: %s", path, error)


def _is_identity(name: str) -> bool:
    return len(name) == 15 and set(name) <= set("0123456789abcdef")
