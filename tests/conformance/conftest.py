"""Every executor has to pass this suite, whoever runs it.

A test says which promise it holds: `@pytest.mark.promise(Promise.LOGS)`. Where an executor's own findings say
that a promise isn't enforced on this machine, and why, its tests may fail; else they may not. A test with
`least=Enforced.PARTLY` has to pass where it is enforced partly, too.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.promises import Enforced, Finding
from shunter.engine.executors.protocol import Executor
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.store.local import LocalStore

EXECUTORS: dict[str, Callable[[LocalStore], Executor]] = {
    "sandbox": SandboxExecutor,
    "docker": DockerExecutor,
}

_FINDINGS: dict[str, Sequence[Finding]] = {}
"""By the executor's name; they don't change while the tests run."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "promise(which, least=Enforced.YES): what a test of all executors holds"
    )


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


@pytest.fixture(scope="module")
def findings(executor: Executor) -> Sequence[Finding]:
    """What `shunter doctor` would say of the executor here."""
    if executor.name not in _FINDINGS:
        _FINDINGS[executor.name] = executor.findings()
    return _FINDINGS[executor.name]


@pytest.fixture(autouse=True)
def _as_far_as_doctor_says(request: pytest.FixtureRequest) -> None:
    if "executor" not in request.fixturenames:
        return
    findings = {finding.promise: finding for finding in request.getfixturevalue("findings")}
    for mark in request.node.iter_markers("promise"):
        finding = findings[mark.args[0]]
        if finding.enforced not in (Enforced.YES, mark.kwargs.get("least")):
            why = f"{finding.promise.value}: {finding.enforced.value}, {finding.detail}"
            request.applymarker(pytest.mark.xfail(reason=why, strict=False))
