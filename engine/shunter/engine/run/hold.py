"""Who goes on with a run holds a lock on a file in its folder, and lets go of it by ending, however it ends.

A process that is killed while it starts another leaves its lock to that one, until that executes its program:
some microseconds, or more where the machine is busy. So a lock that is held is tried for a moment.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from shunter.engine.errors import RunBusy

_TO_TAKE: Final = 1.0
_TO_LOOK: Final = 0.1
_PAUSE: Final = 0.01
"""Seconds: how long it is tried for, and how often."""


def held_lock(path: Path) -> int:
    """A descriptor that holds the lock; raises RunBusy where another process keeps it."""
    with ExitStack() as stack:
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
        stack.callback(os.close, lock)
        if not _locked(lock, fcntl.LOCK_EX, _TO_TAKE):
            raise RunBusy(
                f"run {path.parent.name} is still going on", hint="wait for its end, or stop its process"
            )
        stack.pop_all()
        return lock


def is_held(path: Path) -> bool:
    """Whether a process keeps the lock; nobody does where there is no file."""
    try:
        with path.open("rb") as lock:
            return not _locked(lock.fileno(), fcntl.LOCK_SH, _TO_LOOK)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _locked(lock: int, kind: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE)
        else:
            return True
