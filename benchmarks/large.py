"""A file of 4 GiB through three steps: what the engine adds to the commands themselves, in time and on disk.

    python benchmarks/large.py [MEBIBYTES]

The first step writes a file, each of the others copies it and adds a byte: three contents come out. The
floor is the same three commands started from here, each with one pass of BLAKE3 over what it wrote, before
and after; and the same plan with small files, for all that isn't about size. All is on one file system.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from rows import Floor, NotMeasuredError, Reach, Row, Unit
from shunter.engine.store.local import LocalStore

SIZE = 4096
"""MiB."""

SMALL = 1
WARM_RUNS = 15
COLD = Reach(times=1.05)
ON_DISK = Reach(times=1.01)
WARM = Reach(times=1.0, plus=0.010)

_WRITE = """
import os, sys
base = os.urandom(1 << 20)
with open(sys.argv[2], "wb", buffering=0) as file:
    for number in range(int(sys.argv[1])):
        file.write(number.to_bytes(8, "big") + base[8:])
"""
_ADD = 'cat "$1" > "$2" && printf x >> "$2"'

_MANIFEST = f"""
[module]
name = "large"
version = "0.1.0"
description = "Large files."

[functions.write]
doc = "A file of so many MiB, no two of which are equal."
command = ["/usr/bin/python3", "-c", {json.dumps(_WRITE)}, "{{size}}", "out/file.bin"]
parameters.size = {{ type = "int" }}
returns = {{ type = "File", from = "out/file.bin" }}

[functions.add]
doc = "A copy with one byte more."
command = ["/bin/sh", "-c", {json.dumps(_ADD)}, "sh", "{{file}}", "out/file.bin"]
parameters.file = {{ type = "File" }}
returns = {{ type = "File", from = "out/file.bin" }}
"""

_PLAN = """
version: 1
steps:
  - {{id: first, call: large.write, with: {{size: {size}}}}}
  - {{id: second, call: large.add, with: {{file: {{from: first}}}}}}
  - {{id: third, call: large.add, with: {{file: {{from: second}}}}}}
outputs: {{last: {{from: third}}}}
"""


@dataclass(frozen=True, slots=True)
class LargeCost:
    """Seconds, and MiB on disk.

    `warm_more` is what the plan takes more than with small files when nothing has changed. `taken` is an own
    file of that size as an input, and `taken_floor` a copy and a pass over it.
    """

    cold: float
    commands: float
    passes: float
    small: float
    disk: float
    warm_small: float
    warm_more: float
    taken: float
    taken_floor: float

    @property
    def cold_floor(self) -> float:
        """The commands, passes over what they wrote, and the plan with small files."""
        return self.commands + self.passes + self.small


def rows(folder: Path) -> list[Row]:
    """Of 4 GiB, where the disk has room for it."""
    cost = measure_large(folder, size=SIZE)
    parts = (
        f"commands {cost.commands:.1f} s, BLAKE3 {cost.passes:.1f} s, the plan by itself {cost.small:.1f} s"
    )
    own = "a copy, and one pass of BLAKE3"
    return [
        Row("a 4 GiB file through 3 steps", cost.cold, Floor(cost.cold_floor, parts), COLD),
        Row("  on disk", cost.disk, Floor(3 * SIZE, "3 contents"), ON_DISK, Unit.MEBIBYTES),
        Row(
            "  nothing changed",
            cost.warm_small + cost.warm_more,
            Floor(cost.warm_small, "the same with small files"),
            WARM,
            note=f"{cost.warm_more * 1000:+.1f} ms, median of pairs",
        ),
        Row("a 4 GiB file as an input, the first time", cost.taken, Floor(cost.taken_floor, own)),
    ]


def measure_large(folder: Path, *, size: int) -> LargeCost:
    """Measure with files of `size` MiB in the new folder `folder`; raises NotMeasuredError."""
    needed, free = 4 * size, shutil.disk_usage(folder).free >> 20
    if free < needed + 1024:
        raise NotMeasuredError(
            f"it takes {needed >> 10} GiB on the disk of {folder}, and {free >> 10} are free"
        )
    module = folder / "large"
    module.mkdir()
    (module / "module.toml").write_text(_MANIFEST)
    for name, each in (("small", SMALL), ("large", size)):
        (folder / f"{name}.yaml").write_text(_PLAN.format(size=each))
    _run(folder, "small")
    (folder / "home").rename(folder / "compiled")  # the first start compiles modules, and makes the launcher
    small = statistics.median(_run(folder, "small", home=f"small-{number}") for number in range(3))
    before = _commands(folder, size)
    cold = _run(folder, "large")
    disk = _on_disk(folder / "home") / 2**20
    _run(folder, "small")
    pairs = [(_run(folder, "small"), _run(folder, "large")) for _ in range(WARM_RUNS)]
    shutil.rmtree(folder / "home")
    after = _commands(folder, size)
    taken, taken_floor = _taken(folder, size)
    return LargeCost(
        cold=cold,
        commands=(before[0] + after[0]) / 2,
        passes=(before[1] + after[1]) / 2,
        small=small,
        disk=disk,
        warm_small=statistics.median(pair[0] for pair in pairs),
        warm_more=statistics.median(pair[1] - pair[0] for pair in pairs),
        taken=taken,
        taken_floor=taken_floor,
    )


def _commands(folder: Path, size: int) -> tuple[float, float]:
    """Seconds for the three commands by themselves, and for a pass over what each of them wrote."""
    os.sync()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        paths = [f"{name}/{number}" for number in range(3)]
        adding = [["/bin/sh", "-c", _ADD, "sh", *paths[first : first + 2]] for first in range(2)]
        commands = [["/usr/bin/python3", "-c", _WRITE, str(size), paths[0]], *adding]
        times = [(_timed(command), _pass_over(path)) for command, path in zip(commands, paths, strict=True)]
    return sum(time for time, _ in times), sum(time for _, time in times)


def _pass_over(path: str) -> float:
    began = time.perf_counter()
    hasher, piece = blake3(), bytearray(1 << 20)
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(piece):
            hasher.update(memoryview(piece)[:count])
    hasher.hexdigest()
    return time.perf_counter() - began


def _taken(folder: Path, size: int) -> tuple[float, float]:
    """An own file as an input, and the floor of that."""
    own, copy = folder / "own.bin", folder / "copy.bin"
    subprocess.run(["/usr/bin/python3", "-c", _WRITE, str(size), own], check=True)
    before = _copied(own, copy)
    os.sync()
    with LocalStore(folder / "home") as store:
        began = time.perf_counter()
        store.put_path(own)
        taken = time.perf_counter() - began
    shutil.rmtree(folder / "home")
    after = _copied(own, copy)
    own.unlink()
    return taken, (before + after) / 2


def _copied(source: Path, target: Path) -> float:
    """Seconds for a copy and a pass over it."""
    os.sync()
    seconds = _timed(["cp", source, target]) + _pass_over(str(target))
    target.unlink()
    return seconds


def _run(folder: Path, plan: str, *, home: str = "home") -> float:
    shunter = Path(sys.executable).with_name("shunter")
    options = ["--modules", "large", "--home", home, "--json", "--quiet"]
    os.sync()
    return _timed([shunter, "run", f"{plan}.yaml", *options], folder)


def _timed(command: Sequence[str | Path], folder: Path | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _on_disk(top: Path) -> int:
    """Bytes on disk of all files below a folder, each counted once."""
    found = {file.stat().st_ino: file.stat().st_blocks * 512 for file in top.rglob("*") if file.is_file()}
    return sum(found.values())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as temporary:
        Path(temporary).chmod(0o711)
        print(measure_large(Path(temporary), size=int(sys.argv[1]) if sys.argv[1:] else SIZE))
