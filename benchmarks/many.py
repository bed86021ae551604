"""A folder of 100,000 small files as an input: the first time, and when nothing has changed since.

    python benchmarks/many.py [FILES]

The floor is to read and hash the same files, one after the other, before and after. The first time the store
makes as many files of its own, so that nobody can change them; what making them costs by itself is told too.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from rows import Floor, NotMeasuredError, Reach, Row
from shunter.engine.store.local import LocalStore

FILES = 100_000
IN_A_FOLDER = 1000
UNCHANGED_RUNS = 7
SHARE = 5
"""One in so many is made once more, to see what making takes."""

FIRST = Reach(times=3.0)
UNCHANGED = Reach(plus=0.6)

_SETTLED = 2.5
"""Seconds after which a file that isn't changed any more is remembered."""

_MANIFEST = """
[module]
name = "many"
version = "0.1.0"
description = "Many files."

[functions.count]
doc = "How many files a folder has."
command = ["/bin/sh", "-c", 'find "$1" -type f | wc -l > out/count.txt', "sh", "{folder}"]
parameters.folder = { type = "Directory" }
returns = { type = "File[text/plain]", from = "out/count.txt" }
"""

_PLAN = """
version: 1
inputs: {folder: {type: Directory}}
steps: [{id: count, call: many.count, with: {folder: {from: folder}}}]
outputs: {count: {from: count}}
"""


@dataclass(frozen=True, slots=True)
class ManyCost:
    """Seconds: hashing all, taking all the first time, making as many files, taking what hasn't changed.

    `least` is the fastest of the last, and `command` a whole run of which nothing has changed.
    """

    hashing: float
    first: float
    making: float
    unchanged: float
    least: float
    command: float


def rows(folder: Path) -> list[Row]:
    """Of 100,000 files."""
    if os.statvfs(folder).f_favail < 5 * FILES:
        raise NotMeasuredError(f"the disk of {folder} has no room for {5 * FILES:,} files more")
    cost = measure_many(folder, files=FILES)
    what = f"a folder of {FILES:,} small files"
    note = f"to make as many by themselves: {cost.making:.1f} s"
    hashing = Floor(cost.hashing, "hashing them, one after the other")
    return [
        Row(f"{what}, the first time", cost.first, hashing, FIRST, note=note),
        Row(
            "  nothing changed", cost.unchanged, None, UNCHANGED, note=f"at least {cost.least * 1000:.0f} ms"
        ),
        Row("  the whole command, nothing changed", cost.command),
    ]


def measure_many(folder: Path, *, files: int) -> ManyCost:
    """Measure with `files` files in the new folder `folder`."""
    many, home = folder / "data", folder / "home"
    _make(many, files)
    time.sleep(_SETTLED)
    before = _timed(lambda: _hash(many))
    first = _timed(lambda: _take(home, many))
    after = _timed(lambda: _hash(many))
    making = _timed(lambda: _make(folder / "again", files // SHARE)) * SHARE
    unchanged = [_timed(lambda: _take(home, many)) for _ in range(UNCHANGED_RUNS)]
    return ManyCost(
        hashing=(before + after) / 2,
        first=first,
        making=making,
        unchanged=statistics.median(unchanged),
        least=min(unchanged),
        command=_command(folder),
    )


def _make(top: Path, files: int) -> None:
    """Small files, no two of which are equal, so many in a folder."""
    for first in range(0, files, IN_A_FOLDER):
        inner = top / str(first)
        inner.mkdir(parents=True)
        for number in range(first, min(first + IN_A_FOLDER, files)):
            with open(f"{inner}/{number}.txt", "wb", buffering=0) as file:
                file.write(b"%d\n" % number * 40)


def _hash(top: Path) -> None:
    for path in _files(os.fspath(top)):
        with open(path, "rb", buffering=0) as file:
            blake3(file.read()).digest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry.path


def _take(home: Path, folder: Path) -> None:
    with LocalStore(home) as store:
        store.put_path(folder)


def _command(folder: Path) -> float:
    module = folder / "many"
    module.mkdir()
    (module / "module.toml").write_text(_MANIFEST)
    (folder / "plan.yaml").write_text(_PLAN)
    shunter = Path(sys.executable).with_name("shunter")
    words = [
        "run",
        "plan.yaml",
        "--input",
        "folder=data",
        "--modules",
        "many",
        "--home",
        "home",
        "--json",
        "--quiet",
    ]

    def run() -> None:
        subprocess.run([shunter, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run()
    return statistics.median(_timed(run) for _ in range(UNCHANGED_RUNS))


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as temporary:
        Path(temporary).chmod(0o711)
        print(measure_many(Path(temporary), files=int(sys.argv[1]) if sys.argv[1:] else FILES))
