"""Whole commands, measured from outside: what a person waits for."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Words = Sequence[str | os.PathLike[str]]

PYTHON_ALONE: Words = (sys.executable, "-c", "pass")
SHUNTER = Path(sys.executable).with_name("shunter")


@dataclass(frozen=True, slots=True)
class Cost:
    """One command: seconds on the clock, seconds of the processor, MiB at most, and what it printed."""

    seconds: float
    cpu: float
    peak: float
    out: bytes


def run(words: Words, folder: Path | None = None) -> Cost:
    """Run a command in `folder`; of its children, only those that it waited for are in `cpu`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            err.seek(0)
            sys.stderr.buffer.write(err.read())
            raise SystemExit(f"{' '.join(map(str, words))} ended with {process.returncode}")
        out.seek(0)
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read())


def in_turn(rounds: int, *calls: Callable[[], Cost]) -> list[list[Cost]]:
    """Each of `calls` so many times, one after the other, so that a busy machine slows all of them."""
    found = [[call() for call in calls] for _ in range(rounds)]
    return [list(costs) for costs in zip(*found, strict=True)]


def median(costs: Sequence[Cost]) -> float:
    """Seconds."""
    return statistics.median(cost.seconds for cost in costs)


def least(costs: Sequence[Cost]) -> str:
    """The fastest, in words: what the machine can do when nobody else is at it."""
    return f"at least {min(cost.seconds for cost in costs) * 1000:.0f} ms"
