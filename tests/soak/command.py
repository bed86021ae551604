"""The real command in processes of its own, and what is left of it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST = 120.0
"""Seconds after which a command hangs."""

PATIENCE = 10.0
"""Seconds in which the kernel ends what belonged to a process that was killed."""


@dataclass(frozen=True)
class Ended:
    """A command that ended; `code` is negative where a signal ended it."""

    code: int
    out: str
    err: str


def command(*words: str, here: Path, home: Path, through: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start `shunter` with `words` in the folder `here`; `through` is a command that starts it."""
    return subprocess.Popen(
        [*through, sys.executable, "-m", "shunter.cli", *words],
        cwd=here,
        env={**os.environ, "SHUNTER_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for its end; one that hangs is killed, and raises."""
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ended(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


@contextmanager
def running(*words: str, here: Path, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command while it runs; what is left of it at the end of the block is killed."""
    with command(*words, here=here, home=home) as process:
        try:
            yield process
        finally:
            process.kill()


def left_of(home: Path) -> list[int]:
    """The processes that have something of `home` mounted, on their command line or in their environment.

    They are given a few seconds to end; empty is right.
    """
    deadline = time.monotonic() + PATIENCE
    while (left := _processes(os.fsencode(home))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _processes(home: bytes) -> list[int]:
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if folder.name != str(os.getpid())
        and any(home in _read(folder / name) for name in ("mountinfo", "cmdline", "environ"))
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
