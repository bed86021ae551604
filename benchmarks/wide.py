"""Independent steps, as a person would run them: cold, with nothing changed, with one of them changed."""

from __future__ import annotations

import json
import os
import statistics
from dataclasses import dataclass
from pathlib import Path

from command import PYTHON_ALONE, SHUNTER, Cost, in_turn, least, median, run
from rows import Floor, Reach, Row, Unit
from step import measure_commands

STEPS, MORE_STEPS = 500, 5000
COLD = Reach(times=1.3)
WARM = Reach(plus=0.300)
ENGINE = Reach(plus=0.0001)
ENGINE_OF_MORE = Reach(plus=0.600)
MEMORY_OF_MORE = Reach(plus=150)
CHANGED = Reach(times=1.0)

_ROUNDS = 9
_PYTHON = "python -c pass"
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
class Wide:
    """A plan of independent steps in a folder of its own, with a home."""

    folder: Path
    steps: int

    @classmethod
    def made(cls, folder: Path, steps: int) -> Wide:
        """In the new folder `folder`."""
        module = folder / "bench"
        module.mkdir(parents=True)
        folder.chmod(0o711)
        (module / "module.toml").write_text(_MANIFEST)
        wide = cls(folder, steps)
        wide.write(range(steps))
        return wide

    def write(self, numbers: range | list[int]) -> None:
        """The plan, whose steps have these `numbers` as their arguments."""
        lines = ["version: 1", "steps:"]
        for index, number in enumerate(numbers):
            lines += [f"  - id: step{index}", "    call: bench.number", f"    with: {{number: {number}}}"]
        (self.folder / "wide.yaml").write_text("\n".join([*lines, "outputs: {last: {from: step0}}"]) + "\n")

    def change(self, number: int) -> None:
        """Give the last step another argument."""
        self.write([*range(self.steps - 1), number])

    def run(self) -> Cost:
        """The whole command."""
        options = ["--modules", "bench", "--home", "home", "--json", "--quiet"]
        return run([SHUNTER, "run", "wide.yaml", *options], self.folder)


def rows(folder: Path) -> list[Row]:
    """Cold between two measurements of its floor, as a machine has its moods; then in turn with theirs."""
    cores = len(os.sched_getaffinity(0))
    before = measure_commands(folder / "before", count=STEPS, jobs=cores)
    wide = Wide.made(folder / "wide", STEPS)
    cold = wide.run()
    after = measure_commands(folder / "after", count=STEPS, jobs=cores)
    floor = Floor((before + after) / 2, f"that many bwrap commands, {cores} at a time")
    return [
        Row(f"{STEPS} steps, cold", cold.seconds, floor, COLD),
        *_unchanged(wide),
        _changed(wide, Wide.made(folder / "alone", 1)),
    ]


def more_rows(folder: Path) -> list[Row]:
    """Ten times as many: it must not be more than ten times as much."""
    wide = Wide.made(folder / "wide", MORE_STEPS)
    wide.run()
    floor, costs = in_turn(5, lambda: run(PYTHON_ALONE), wide.run)
    what, peak = f"{MORE_STEPS} steps, nothing changed", statistics.median(cost.peak for cost in costs)
    return [
        Row(what, median(costs), Floor(median(floor), _PYTHON), note=least(costs)),
        Row("  of it in the engine", statistics.median(map(_engine, costs)), None, ENGINE_OF_MORE),
        Row("  memory at most", peak, None, MEMORY_OF_MORE, unit=Unit.MEBIBYTES),
    ]


def _unchanged(wide: Wide) -> list[Row]:
    floor, costs = in_turn(_ROUNDS, lambda: run(PYTHON_ALONE), wide.run)
    what, engine = f"{wide.steps} steps, nothing changed", statistics.median(map(_engine, costs))
    return [
        Row(what, median(costs), Floor(median(floor), _PYTHON), WARM, note=least(costs)),
        Row("  of it in the engine, a step", engine / wide.steps, None, ENGINE),
    ]


def _changed(wide: Wide, alone: Wide) -> Row:
    """What the step takes by itself: a plan of that one alone, less the same plan with nothing changed."""
    unchanged: list[float] = []
    changed: list[Cost] = []
    lone: list[float] = []
    for number in range(MORE_STEPS, MORE_STEPS + _ROUNDS):
        alone.change(number)
        wide.change(number)
        lone.append(alone.run().seconds - alone.run().seconds)
        changed.append(wide.run())
        unchanged.append(wide.run().seconds)
    floor = statistics.median(map(sum, zip(unchanged, lone, strict=True)))
    words = "nothing changed, and that step in a plan of its own"
    return Row(
        f"{wide.steps} steps, one changed", median(changed), Floor(floor, words), CHANGED, note=least(changed)
    )


def _engine(cost: Cost) -> float:
    return float(json.loads(cost.out)["seconds"])
