"""What a killed engine left in the daemon, the next one removes."""

from __future__ import annotations

import asyncio
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conformance.steps import execute, processes_with, shell

from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.docker.daemon import Daemon
from shunter.engine.executors.docker.endpoint import Endpoint
from shunter.engine.store.local import LocalStore

ENGINE = """
import sys
from pathlib import Path
from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.store.local import LocalStore
from tests.conformance.steps import execute, shell
execute(DockerExecutor(LocalStore(Path(sys.argv[1]))), shell(f"sleep {sys.argv[2]}; true"))
"""


def _containers(daemon: Daemon, home: Path) -> int:
    return len(daemon.containers(f"shunter.home={(home / 'docker' / 'id').read_text()}"))


def _killed_engine(home: Path) -> None:
    """An engine that is killed while a step of its runs."""
    marker = f"98765.{secrets.randbelow(10**9):09}"
    argv = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}{ENGINE}", str(home), marker]
    with subprocess.Popen(argv) as engine:
        deadline = time.monotonic() + 60
        while not processes_with(f"sleep\0{marker}"):
            assert time.monotonic() < deadline, "the step never started"
            time.sleep(0.01)
        engine.send_signal(signal.SIGKILL)
    while processes_with(marker):
        assert time.monotonic() < deadline, "the step goes on"
        time.sleep(0.01)


def test_the_next_engine_removes_what_a_killed_one_left(docker_daemon: str, home: Path) -> None:
    daemon = Daemon(Endpoint(docker_daemon))
    _killed_engine(home)
    assert _containers(daemon, home) == 1
    with LocalStore(home) as store:
        execute(DockerExecutor(store), shell("true"))
    assert _containers(daemon, home) == 0
    assert len(list((home / "docker" / "engines").iterdir())) == 1


def test_an_engine_leaves_the_containers_of_one_that_lives(docker_daemon: str, home: Path) -> None:
    marker = f"98765.{secrets.randbelow(10**9):09}"

    async def run(store: LocalStore) -> None:
        task = asyncio.create_task(DockerExecutor(store).execute(shell(f"sleep {marker}; true"), ()))
        deadline = time.monotonic() + 60
        while not processes_with(f"sleep\0{marker}"):
            assert time.monotonic() < deadline, "the step never started"
            await asyncio.sleep(0.01)
        await DockerExecutor(store).execute(shell("true"), ())
        assert processes_with(f"sleep\0{marker}")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with LocalStore(home) as store:
        asyncio.run(run(store))
    assert _containers(Daemon(Endpoint(docker_daemon)), home) == 0


def test_a_step_leaves_no_container_however_it_ends(docker_daemon: str, home: Path) -> None:
    with LocalStore(home) as store:
        executor = DockerExecutor(store)
        for script in ("true", "exit 3", "kill -SEGV $$", "mkfifo /out/pipe"):
            execute(executor, shell(script))
    assert _containers(Daemon(Endpoint(docker_daemon)), home) == 0
