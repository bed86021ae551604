"""500 independent steps, as a person would run them: cold, and again with nothing changed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rows import Floor, Reach, Row
from step import measure_commands

STEPS = 500
COLD = Reach(times=1.3)
WARM = Reach(plus=0.300)
ENGINE = Reach(plus=0.0001)

_MANIFEST = """
[module]
name = "bench"
version = "0.1.0"
description = "The least that a step can do."

[functions.number]
doc = "A file with a number in it."
command = ["/bin/sh", "-c", 'echo "$1" > out/number.txt', "sh", "{number}"]
parameters.number = { type = "int" }
returns = { type = "File[text/plain]", from = "out/number.txt" }
"""


@dataclass(frozen=True, slots=True)
class WideCost:
    """Seconds: `cold` and `warm` are the whole command (warm a median), `engine` is the run inside it."""

    steps: int
    cold: float
    warm: float
    engine: float


def rows(folder: Path) -> list[Row]:
    """Cold between two measurements of its floor, as a machine has its moods; then with nothing changed."""
    cores = len(os.sched_getaffinity(0))
    place = folder / "wide"
    place.mkdir(mode=0o711)
    before = measure_commands(folder / "before", count=STEPS, jobs=cores)
    cost = measure_wide(place, steps=STEPS)
    after = measure_commands(folder / "after", count=STEPS, jobs=cores)
    floor = Floor((before + after) / 2, f"that many bwrap commands, {cores} at a time")
    return [
        Row(f"{STEPS} steps, cold", cost.cold, floor, COLD),
        Row(f"{STEPS} steps, nothing changed", cost.warm, None, WARM),
        Row("  of it in the engine, a step", cost.engine / STEPS, None, ENGINE),
    ]


def measure_wide(folder: Path, *, steps: int = 500, warm_runs: int = 5) -> WideCost:
    """Run a plan of `steps` steps with a home in the new folder `folder`."""
    module = folder / "bench"
    module.mkdir()
    (module / "module.toml").write_text(_MANIFEST)
    (folder / "wide.yaml").write_text(_plan(steps))
    cold, _ = _run(folder)
    warm = [_run(folder) for _ in range(warm_runs)]
    seconds, engine = (statistics.median(column) for column in zip(*warm, strict=True))
    return WideCost(steps, cold, seconds, engine)


def _plan(steps: int) -> str:
    lines = ["version: 1", "steps:"]
    for number in range(steps):
        lines += [f"  - id: step{number}", "    call: bench.number", f"    with: {{number: {number}}}"]
    return "\n".join([*lines, "outputs: {last: {from: step0}}"]) + "\n"


def _run(folder: Path) -> tuple[float, float]:
    shunter = Path(sys.executable).with_name("shunter")
    words = ["run", "wide.yaml", "--modules", "bench", "--home", "home", "--json", "--quiet"]
    began = time.perf_counter()
    done = subprocess.run([shunter, *words], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began, json.loads(done.stdout)["seconds"]
