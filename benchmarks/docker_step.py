"""What the Docker executor adds to a trivial step: against the same container by the package `docker` alone.

    python benchmarks/docker_step.py [ROUNDS]

Both make, start, wait for and remove a container of the base image with the same description, in turn. The
floor reads nothing that it prints, and stores nothing.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
    """Milliseconds: the container by the package alone, and what a step takes more; medians of pairs."""

    bare: float
    more: float


def rows(folder: Path) -> list[Row]:
    """One step after the other, with the daemon that answers, else with one of the tests' own."""
    with _a_daemon():
        try:
            cost = measure_docker(folder / "home")
        except ExecutorUnavailable as error:
            raise NotMeasuredError(error.message) from error
    floor = Floor(cost.bare / 1000, "the same container by the package docker alone")
    note = f"{cost.more:+.1f} ms, median of pairs"
    return [Row("a trivial step under docker", floor.value + cost.more / 1000, floor, REACH, note=note)]


@contextmanager
def _a_daemon() -> Iterator[None]:
    sys.path.append(str(Path(__file__).parents[1]))
    from tests.dockerd import NoDaemonError, daemon

    with ExitStack() as stack:
        try:
            address = stack.enter_context(daemon())
        except NoDaemonError as error:
            raise NotMeasuredError(str(error)) from error
        before = os.environ.get("DOCKER_HOST")
        os.environ["DOCKER_HOST"] = address
        try:
            yield
        finally:
            if before is None:
                del os.environ["DOCKER_HOST"]


def measure_docker(home: Path, *, rounds: int = 40) -> DockerCost:
    """Measure `rounds` of each, in turn, with a store in the folder `home`; raises ExecutorUnavailable."""
    with LocalStore(home) as store:
        executor = DockerExecutor(store)
        executor.check()
        times = asyncio.run(_measure(executor, _bare(home), rounds))[WARMING_UP:]
    bare = statistics.median(bare for bare, _ in times)
    return DockerCost(bare * 1000, statistics.median(step - bare for bare, step in times) * 1000)


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
    with tempfile.TemporaryDirectory(prefix="shunter-bench-") as name, _a_daemon():
        Path(name).chmod(0o711)
        cost = measure_docker(Path(name) / "home", rounds=int(sys.argv[1]) if sys.argv[1:] else 40)
    print(f"bare {cost.bare:.0f} ms, step {cost.more:+.1f} ms")
