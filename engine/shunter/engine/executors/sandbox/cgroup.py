"""Memory limits by control groups, version 1 or 2, where the engine may make them (as root)."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.errors import ExecutorUnavailable

_MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A folder below which groups with a memory controller can be made; `version` is 1 or 2."""

    path: Path
    version: int


@dataclass(frozen=True, slots=True)
class MemoryGroup:
    """One container's group."""

    path: Path
    version: int

    def add(self, pid: int) -> None:
        """Put `pid` and what it will start into the group."""
        (self.path / "cgroup.procs").write_text(str(pid))

    def ran_out(self) -> bool:
        """Whether the kernel has ended a process of the group for want of memory."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        fields = dict(line.split() for line in (self.path / name).read_text().splitlines())
        return int(fields.get("oom_kill", "0")) > 0

    def remove(self) -> None:
        """Remove the group, whose processes have ended; the kernel may take a moment to see that."""
        for _ in range(50):
            try:
                self.path.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.002)
            else:
                return


def find_hierarchy() -> Hierarchy | None:
    """The hierarchy for memory limits here, made ready; None where there is none or it can't be written."""
    if os.geteuid() != 0:
        return None
    try:
        for line in _MOUNTS.read_text().splitlines():
            _, mount, kind, options, *_ = line.split()
            if kind == "cgroup" and "memory" in options.split(","):
                return _ready(Path(mount), version=1)
            if kind == "cgroup2" and "memory" in (Path(mount) / "cgroup.controllers").read_text().split():
                return _ready(Path(mount), version=2)
    except OSError:
        return None
    return None


def make_group(hierarchy: Hierarchy, name: str, *, limit: int) -> MemoryGroup:
    """A new group of at most `limit` bytes, swap included; raises ExecutorUnavailable."""
    path = hierarchy.path / f"{os.getpid()}-{name}"
    try:
        path.mkdir()
        if hierarchy.version == 2:
            _limit(path, "memory.max", limit, "memory.swap.max", 0)
        else:
            _limit(path, "memory.limit_in_bytes", limit, "memory.memsw.limit_in_bytes", limit)
    except OSError as error:
        raise ExecutorUnavailable(f"memory can't be limited to {limit} bytes: {error}") from error
    return MemoryGroup(path, hierarchy.version)


def _ready(mount: Path, *, version: int) -> Hierarchy:
    path = mount / "shunter"
    if version == 2:
        _pass_on_memory(mount)
    path.mkdir(exist_ok=True)
    if version == 2:
        _pass_on_memory(path)
    _sweep(path)
    return Hierarchy(path, version)


def _sweep(path: Path) -> None:
    """Remove the groups of engines that were killed: a group's name begins with its engine's pid."""
    for group in path.glob("[0-9]*-*"):
        if not Path("/proc", group.name.partition("-")[0]).exists():
            with suppress(OSError):
                group.rmdir()


def _pass_on_memory(group: Path) -> None:
    control = group / "cgroup.subtree_control"
    if "memory" not in control.read_text().split():
        control.write_text("+memory")


def _limit(path: Path, name: str, value: int, swap: str, swap_value: int) -> None:
    (path / name).write_text(str(value))
    if (path / swap).exists():  # kernels without swap accounting have no such file
        (path / swap).write_text(str(swap_value))
