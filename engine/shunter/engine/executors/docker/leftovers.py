"""Containers of engines that died, found by their labels and removed by the next engine.

Each engine holds a lock of its own in the home folder for as long as it lives, and its containers carry the
lock's name. The kernel lets go of the lock however the engine ends.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from shunter.engine.executors.docker.daemon import Daemon

_HOME: Final = "shunter.home"
_ENGINE: Final = "shunter.engine"


class Owner:
    """This engine, as its containers name it. Engines with one home folder remove each other's leftovers."""

    def __init__(self, folder: Path) -> None:
        self._engines = folder / "engines"
        self._engines.mkdir(parents=True, exist_ok=True)
        self._home = _home_id(folder)
        self._name = secrets.token_hex(8)
        self._lock = _locked(self._engines / self._name, os.O_CREAT | os.O_EXCL)

    @property
    def labels(self) -> Mapping[str, str]:
        """What each container of this engine carries."""
        return {_HOME: self._home, _ENGINE: self._name}

    def sweep(self, daemon: Daemon) -> int:
        """Remove the containers of engines that are no more; returns how many there were."""
        dead: dict[str, bool] = {}
        removed = 0
        for container, labels in daemon.containers(f"{_HOME}={self._home}"):
            engine = labels.get(_ENGINE, "")
            if engine not in dead:
                dead[engine] = engine != self._name and self._is_dead(engine)
            if dead[engine]:
                daemon.remove(container)
                removed += 1
        self._forget()
        return removed

    def _is_dead(self, engine: str) -> bool:
        """Whether nobody holds its lock; a name that is no file's is nobody's."""
        if not engine.isalnum():
            return False
        lock = _locked(self._engines / engine, 0)
        if lock is None:
            return not (self._engines / engine).exists()
        os.close(lock)
        return True

    def _forget(self) -> None:
        """Remove the locks of the dead, whose containers are gone."""
        for path in self._engines.iterdir():
            lock = None if path.name == self._name else _locked(path, 0)
            if lock is not None:
                path.unlink(missing_ok=True)
                os.close(lock)


def _home_id(folder: Path) -> str:
    path = folder / "id"
    with suppress(FileExistsError), path.open("x") as file:
        file.write(secrets.token_hex(8))
    return path.read_text()


def _locked(path: Path, flags: int) -> int | None:
    """A descriptor that holds the lock at `path`; None where another has it, or it isn't there."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
