"""What `shunter --help` costs, against an interpreter that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rows import Floor, Reach, Row

REACH = Reach(times=5.0)


@dataclass(frozen=True, slots=True)
class StartCost:
    """Medians in milliseconds."""

    floor: float
    help: float


def rows(folder: Path) -> list[Row]:
    """The whole command; `folder` isn't needed."""
    del folder
    cost = measure_startup()
    return [Row("`shunter --help`", cost.help / 1000, Floor(cost.floor / 1000, "python -c pass"), REACH)]


def measure_startup(*, rounds: int = 20) -> StartCost:
    """Measure both, in turn."""
    shunter = Path(sys.executable).with_name("shunter")
    pairs = [(_timed([sys.executable, "-c", "pass"]), _timed([shunter, "--help"])) for _ in range(rounds)]
    return StartCost(*(statistics.median(column) * 1000 for column in zip(*pairs, strict=True)))


def _timed(words: list[str | Path]) -> float:
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
