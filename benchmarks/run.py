"""All benchmarks: each as a ratio to a floor that was measured in the same run. `make bench` runs it."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from docker_step import DockerCost, measure_docker
from nested import measure_nested
from shunter.engine.errors import ExecutorUnavailable
from startup import measure_startup
from step import measure_commands, measure_step
from wide import WideCost, measure_wide

STEPS = 500


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as an installed package is
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, steps run under a uid that has to go through
        step = measure_step(folder / "step", rounds=100)
        nested = measure_nested(folder / "nested")
        cores = len(os.sched_getaffinity(0))
        wide, commands = _wide_between_floors(folder, cores)
        docker = _docker(folder / "docker")
    start = measure_startup()
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}")
    print(f"{'what':44}{'measured':>12}{'floor':>12}{'ratio':>8}   floor")
    row(
        "a trivial step",
        f"{step.step:.1f} ms",
        f"{step.command:.1f} ms",
        step.ratio,
        "the identical bwrap command",
    )
    if docker is not None:
        row(
            "a trivial step under docker",
            f"{docker.step:.0f} ms",
            f"{docker.bare:.0f} ms",
            docker.ratio,
            "the same container by the package docker alone",
        )
    row(
        "a nested call",
        f"{nested.nested:.1f} ms",
        f"{nested.plain:.1f} ms",
        nested.ratio,
        "the same step by itself, with key, lock and index",
    )
    row(
        f"{wide.steps} steps, cold",
        f"{wide.cold:.2f} s",
        f"{commands:.2f} s",
        wide.cold / commands,
        f"that many bwrap commands, {cores} at a time",
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


def _docker(home: Path) -> DockerCost | None:
    """None where no daemon answers."""
    try:
        return measure_docker(home)
    except ExecutorUnavailable as error:
        print(f"docker isn't measured: {error.message}")
        return None


def _wide_between_floors(folder: Path, cores: int) -> tuple[WideCost, float]:
    """The floor is taken before and after, since a machine has its moods."""
    wide_folder = folder / "wide"
    wide_folder.mkdir(mode=0o711)
    before = measure_commands(folder / "before", count=STEPS, jobs=cores)
    wide = measure_wide(wide_folder, steps=STEPS)
    after = measure_commands(folder / "after", count=STEPS, jobs=cores)
    return wide, (before + after) / 2


def row(what: str, measured: str, floor: str, ratio: float | None, note: str) -> None:
    """Print one line of the table."""
    print(f"{what:44}{measured:>12}{floor:>12}{'' if ratio is None else f'{ratio:.2f}':>8}   {note}")


if __name__ == "__main__":
    main()
