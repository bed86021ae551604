"""Every executor has to pass this suite, whoever runs it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.protocol import Executor
from shunter.engine.executors.sandbox import SandboxExecutor
from shunter.engine.store.local import LocalStore

EXECUTORS: dict[str, Callable[[LocalStore], Executor]] = {
    "sandbox": SandboxExecutor,
    "docker": DockerExecutor,
}


@pytest.fixture(scope="module")
def store() -> Iterator[LocalStore]:
    # Not below pytest's own folder: where the tests run as root, steps have a uid that may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-"))
    folder.chmod(0o711)
    with LocalStore(folder / "home") as opened:
        yield opened
    shutil.rmtree(folder)


@pytest.fixture(scope="module", params=list(EXECUTORS))
def executor(request: pytest.FixtureRequest, store: LocalStore) -> Executor:
    if request.param == "docker":
        request.getfixturevalue("docker_daemon")
    return EXECUTORS[request.param](store)
