"""All benchmarks, each against a floor that was measured in the same run. `make bench` runs it.

python benchmarks/run.py [NAME ...] [--json FILE]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import docker_step
import large
import many
import nested
import peers
import startup
import step
import wide
from machine import this_machine
from rows import Benchmark, NotMeasuredError, Row, Skipped
from table import markdown, save

BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark("step", "a trivial step", step.rows),
    Benchmark("docker", "a trivial step under docker", docker_step.rows),
    Benchmark("nested", "a nested call", nested.rows),
    Benchmark("wide", "500 steps", wide.rows),
    Benchmark("wider", "5000 steps", wide.more_rows),
    Benchmark("peers", "500 files, against others", peers.rows),
    Benchmark("large", "a 4 GiB file through 3 steps", large.rows),
    Benchmark("many", "a folder of 100,000 small files as an input", many.rows),
    Benchmark("help", "`shunter --help`", startup.rows),
)
"""In the order of the table."""


def main() -> None:
    chosen = _arguments()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as an installed package is
    os.environ.pop("SHUNTER_HOME", None)
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, steps run under a uid that has to go through
        machine = this_machine(folder)
        rows = [row for benchmark in chosen.benchmarks for row in _measured(benchmark, folder)]
        load, date = os.getloadavg()[0], time.strftime("%Y-%m-%d")
        save(chosen.json, rows, machine, date=date, load_after=load)
        print(f"{date}, {machine.words()}, {load:.1f} after\n\n{markdown(rows)}\n\nsaved as {chosen.json}")
        print("removing what was made …", flush=True)


def _measured(benchmark: Benchmark, folder: Path) -> Sequence[Row | Skipped]:
    """The rows of one benchmark, in a folder of its own.

    It stays until the end: after many files were removed, ext4 takes longer to make new ones for minutes.
    """
    began = time.monotonic()
    place = folder / benchmark.name
    place.mkdir(mode=0o711)
    print(f"{benchmark.name} …", end="", flush=True)
    try:
        rows = benchmark.measure(place)
    except NotMeasuredError as error:
        rows = [Skipped(benchmark.what, str(error))]
    print(f" {time.monotonic() - began:.0f} s", flush=True)
    return rows


class _Chosen(argparse.Namespace):
    benchmarks: Sequence[Benchmark]
    json: Path


def _arguments() -> _Chosen:
    parser = argparse.ArgumentParser(description="Measure against floors that are taken in the same run.")
    names = ", ".join(benchmark.name for benchmark in BENCHMARKS)
    parser.add_argument("benchmarks", nargs="*", metavar="NAME", help=f"measure these alone: {names}")
    parser.add_argument("--json", type=Path, default=Path("out/bench.json"), help="where the table is saved")
    chosen = parser.parse_args(namespace=_Chosen())
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    unknown = sorted(set(map(str, chosen.benchmarks)) - set(known))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are: {names}")
    chosen.benchmarks = [known[str(name)] for name in chosen.benchmarks] or BENCHMARKS
    return chosen


if __name__ == "__main__":
    main()
