"""What the Docker executor adds to a trivial step: against the same container by the package `docker` alone.

    python benchmarks/docker_step.py [ROUNDS]

Both make, start, wait for and remove a container of the base image with the same description, in turn. The
floor reads nothing that it prints, and stores nothing.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rows import Floor, NotMeasuredError, Reach, Row
from shunter.engine.actions.model import Action, Command, Returns, Stdout
from shunter.engine.digest import digest_bytes
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.docker.base.build import base_name
from shunter.engine.executors.docker.endpoint import find_endpoint
from shunter.engine.executors.docker.entry import entry
from shunter.engine.executors.docker.spec import container_config, step_variables
from shunter.engine.executors.protocol import Ending
from shunter.engine.store.local import LocalStore
from shunter.engine.types import File

WARMING_UP = 3
REACH = Reach(times=1.0, plus=0.010)


@dataclass(frozen=True, slots=True)
class DockerCost:
    """Medians in milliseconds: the container by the package alone, and the executor."""

    bare: float
    step: float

    @property
    def ratio(self) -> float:
        """What a step costs in containers."""
        return self.step / self.bare


def rows(folder: Path) -> list[Row]:
    """One step after the other, where a daemon answers."""
    try:
        cost = measure_docker(folder / "home")
    except ExecutorUnavailable as error:
        raise NotMeasuredError(error.message) from error
    floor = Floor(cost.bare / 1000, "the same container by the package docker alone")
    return [Row("a trivial step under docker", cost.step / 1000, floor, REACH)]


def measure_docker(home: Path, *, rounds: int = 30) -> DockerCost:
    """Measure `rounds` of each, in turn, with a store in the folder `home`; raises ExecutorUnavailable."""
    with LocalStore(home) as store:
        executor = DockerExecutor(store)
        executor.check()
        times = asyncio.run(_measure(executor, _bare(home), rounds))
    return DockerCost(*(statistics.median(each) * 1000 for each in zip(*times[WARMING_UP:], strict=True)))


async def _measure(
    executor: DockerExecutor, bare: Callable[[], None], rounds: int
) -> list[tuple[float, float]]:
    times = []
    for _ in range(rounds + WARMING_UP):
        began = time.perf_counter()
        bare()
        between = time.perf_counter()
        execution = await executor.execute(_TRIVIAL, ())
        times.append((between - began, time.perf_counter() - between))
        if execution.ending is not Ending.EXITED:
            raise SystemExit(f"the step failed: {execution.detail}")
    return times


def _bare(home: Path) -> Callable[[], None]:
    client: Any = find_endpoint().connect()
    work = home / "work"
    for folder in (work, work / "out", work / "tmp"):
        folder.mkdir()
        folder.chmod(0o777)
    described = container_config(
        _TRIVIAL,
        image=base_name(),
        argv=entry(_TRIVIAL.command.argv, stdin=None, settings=False),
        variables=step_variables(_TRIVIAL, {}),
        binds=(),
        work=str(work),
        memory_folders=(),
        labels={},
        sysctls={},
    )
    detached = {"OpenStdin": True, "AttachStdin": False, "AttachStdout": False, "AttachStderr": False}
    config = {**described, **detached}

    def run() -> None:
        container = client.create_container_from_config(config)["Id"]
        client.start(container)
        client.wait(container)
        client.remove_container(container, v=True)

    return run


_TRIVIAL = Action(
    label="true",
    identity=digest_bytes(b"true"),
    arguments={},
    command=Command(("/usr/bin/true",)),
    returns=Returns(File(), Stdout()),
)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name:
        Path(name).chmod(0o711)
        cost = measure_docker(Path(name) / "home", rounds=int(sys.argv[1]) if sys.argv[1:] else 30)
    print(f"bare {cost.bare:.0f} ms, step {cost.step:.0f} ms, ratio {cost.ratio:.2f}")
