"""What a step writes is looked at while it runs: how often, and what comes of it."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest
from tests.conformance.steps import execute, step, text

from shunter.engine.actions.model import Limits
from shunter.engine.errors import StoreError
from shunter.engine.executors.local.diskwatch import DiskWatch, size_of
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.unnamed import unnamed_size
from shunter.engine.store.local import LocalStore

FAR = 64 << 30


class Step:
    """Gives one size after the other, and stays at the last; an exception is raised."""

    def __init__(self, *sizes: int | Exception) -> None:
        self._sizes = list(sizes)
        self.looks = 0
        self.exceeded = 0
        self.over = asyncio.Event()

    async def written(self) -> int:
        self.looks += 1
        size = self._sizes.pop(0) if len(self._sizes) > 1 else self._sizes[0]
        if isinstance(size, Exception):
            raise size
        return size

    def exceed(self) -> None:
        self.exceeded += 1
        self.over.set()


def test_a_step_that_is_far_from_its_limit_is_not_looked_at() -> None:
    async def run() -> int:
        step = Step(0)
        async with DiskWatch(step.written, FAR, step.exceed):
            await asyncio.sleep(0.6)
        return step.looks

    assert asyncio.run(run()) == 0


def test_the_limit_is_told_once_when_it_is_passed() -> None:
    async def run() -> Step:
        step = Step(10, 100, 101)
        async with DiskWatch(step.written, 100, step.exceed):
            await asyncio.wait_for(step.over.wait(), 20)
            await asyncio.sleep(0.4)
        return step

    step = asyncio.run(run())
    assert (step.looks, step.exceeded) == (3, 1)


@pytest.mark.parametrize("error", [OSError("no more processes"), StoreError("the daemon is away")])
def test_a_look_that_fails_is_taken_again(error: Exception) -> None:
    async def run() -> int:
        step = Step(error, error, 101)
        async with DiskWatch(step.written, 100, step.exceed):
            await asyncio.wait_for(step.over.wait(), 20)
        return step.looks

    assert asyncio.run(run()) == 3


def test_a_look_that_takes_long_is_given_up_with_the_step() -> None:
    begun = asyncio.Event()
    ended: list[BaseException] = []

    async def written() -> int:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            ended.append(error)
            raise
        return 0

    async def run() -> None:
        async with DiskWatch(written, 100, lambda: None):
            await asyncio.wait_for(begun.wait(), 20)

    asyncio.run(asyncio.wait_for(run(), 20))
    assert len(ended) == 1


def test_a_folder_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    assert asyncio.run(size_of(tmp_path / "gone", tmp_path / "no log")) == 0


def test_a_folder_and_logs_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "work" / "-n").mkdir(parents=True)
    for path in (tmp_path / "work" / "-n" / "a", tmp_path / "log"):
        path.write_bytes(bytes(1_000_000))
    assert 2_000_000 <= asyncio.run(size_of(tmp_path / "work", tmp_path / "log")) < 2_100_000


HELD = """
import tempfile, time
held = [tempfile.TemporaryFile() for _ in range({0})]
for file in held:
    file.write(bytes(2_000_000))
    file.flush()
time.sleep({1})
"""


@pytest.mark.parametrize(
    ("files", "seconds", "ending"),
    [(3, 20, Ending.WROTE_TOO_MUCH), (2, 1, Ending.EXITED)],
    ids=["much", "little"],
)
def test_in_the_sandbox_files_count_that_are_removed_and_still_open(
    sandbox: SandboxExecutor, store: LocalStore, files: int, seconds: int, ending: Ending
) -> None:
    argv = ("/usr/bin/python3", "-c", HELD.format(files, seconds))
    execution = execute(sandbox, step(*argv, limits=Limits(seconds=60, disk=5_000_000)))
    assert execution.ending is ending, text(store, execution.stderr)
    assert execution.seconds < 15


def test_a_container_that_is_gone_holds_nothing() -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    assert unnamed_size(gone.pid, 0) == 0
