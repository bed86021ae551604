"""All benchmarks: each as a ratio to a floor that was measured in the same run. `make bench` runs it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from startup import measure_startup
from step import measure_step
from wide import measure_wide


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, steps run under a uid that has to go through
        step = measure_step(folder / "step", rounds=100)
        wide_folder = folder / "wide"
        wide_folder.mkdir(mode=0o711)
        wide = measure_wide(wide_folder)
    start = measure_startup()
    cores = len(os.sched_getaffinity(0))
    floor = step.command * wide.steps / cores / 1000
    print(f"{'what':44}{'measured':>12}{'floor':>12}{'ratio':>8}   floor")
    row(
        "a trivial step",
        f"{step.step:.1f} ms",
        f"{step.command:.1f} ms",
        step.ratio,
        "the identical bwrap command",
    )
    row(
        f"{wide.steps} steps, cold",
        f"{wide.cold:.2f} s",
        f"{floor:.2f} s",
        wide.cold / floor,
        f"that many bwrap commands on {cores} cores",
    )
    row(
        f"{wide.steps} steps, nothing changed",
        f"{wide.warm * 1000:.0f} ms",
        f"{start.floor:.0f} ms",
        wide.warm * 1000 / start.floor,
        "python -c pass",
    )
    row(
        "  of it in the engine",
        f"{wide.engine * 1000:.0f} ms",
        "",
        None,
        f"{wide.engine * 1e6 / wide.steps:.0f} µs a step",
    )
    row(
        "shunter --help",
        f"{start.help:.0f} ms",
        f"{start.floor:.0f} ms",
        start.help / start.floor,
        "python -c pass",
    )


def row(what: str, measured: str, floor: str, ratio: float | None, note: str) -> None:
    """Print one line of the table."""
    print(f"{what:44}{measured:>12}{floor:>12}{'' if ratio is None else f'{ratio:.2f}':>8}   {note}")


if __name__ == "__main__":
    main()
