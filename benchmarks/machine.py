"""The machine that is measured on, as far as it matters to numbers."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """What was there when measuring began; memory in bytes, `load` of the last minute."""

    cores: int
    processor: str
    memory: int
    kernel: str
    python: str
    file_system: str
    user: str
    load: float

    def words(self) -> str:
        """In one line."""
        return (
            f"{self.cores} cores ({self.processor}), {self.memory / 2**30:.0f} GiB, Linux {self.kernel}, "
            f"Python {self.python}, {self.file_system}, as {self.user}, load {self.load:.1f} before"
        )


def this_machine(folder: Path) -> Machine:
    """This machine; `folder` is where the benchmarks keep their files."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=_processor(),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=platform.release(),
        python=platform.python_version(),
        file_system=file_system_of(folder),
        user="root" if os.geteuid() == 0 else "an ordinary user",
        load=os.getloadavg()[0],
    )


def file_system_of(folder: Path) -> str:
    """The kind of the file system that `folder` is on."""
    device = os.stat(folder).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        words = line.split(" ")
        if words[2] == number:
            return words[words.index("-") + 1]
    return "an unknown file system"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
