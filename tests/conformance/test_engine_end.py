"""An engine that is killed leaves no process behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.conformance.conftest import EXECUTORS
from tests.conformance.steps import execute, processes_with, shell

from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Executor
from shunter.engine.store.local import LocalStore

pytestmark = pytest.mark.promise(Promise.ENGINE)

ENGINE = """
import asyncio, sys
from pathlib import Path
from shunter.engine.actions.model import Limits
from shunter.engine.store.local import LocalStore
from tests.conformance.conftest import EXECUTORS
from tests.conformance.steps import shell

async def work(executor, action):
    while True:
        await executor.execute(action, ())

async def main():
    executor = EXECUTORS[sys.argv[4]](LocalStore(Path(sys.argv[1])))
    await executor.execute(shell("true"), ())
    print("ready", flush=True)
    action = shell(sys.argv[2], limits=Limits(seconds=float(sys.argv[3])))
    await asyncio.gather(work(executor, action), work(executor, action))

asyncio.run(main())
"""
"""Runs one step again and again, two at a time."""


@pytest.fixture(autouse=True)
def _swept(executor: Executor, home: Path) -> Iterator[None]:
    """The next engine with a home removes the containers that a killed one left: so none are left by tests."""
    yield
    with LocalStore(home) as store:
        execute(EXECUTORS[executor.name](store), shell("true"))


@contextmanager
def _engine(home: Path, name: str, script: str, *, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """An engine with the executor called `name`, whose steps run `script` for at most `seconds`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    argv = [sys.executable, "-c", ENGINE, str(home), script, str(seconds), name]
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE) as engine:
        try:
            assert engine.stdout is not None
            assert engine.stdout.readline() == b"ready\n"
            yield engine
        finally:
            engine.kill()


def _wait_for(text: str, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(processes_with(text)) != count:
        assert time.monotonic() < deadline, f"{processes_with(text)} instead of {count}"
        time.sleep(0.01)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_engine_leaves_no_process(executor: Executor, home: Path, how: signal.Signals) -> None:
    marker = f"98765.{random.randrange(10**9):09}"
    script = f"trap '' TERM HUP INT; setsid sleep {marker} & sleep {marker}; true"
    with _engine(home, executor.name, script, seconds=60) as engine:
        _wait_for(f"sleep\0{marker}", 4)
        engine.send_signal(how)
    _wait_for(marker, 0)


def test_no_moment_of_a_start_is_bad_for_a_kill(executor: Executor, home: Path) -> None:
    for _ in range(8):
        marker = f"98765.{random.randrange(10**9):09}"
        with _engine(home, executor.name, f"sleep {marker}; true", seconds=0.02) as engine:
            time.sleep(random.random() * 0.05)
            engine.kill()
        _wait_for(marker, 0)
