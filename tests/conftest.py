"""What all tests share. No test may touch the home folder of the person who runs it."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.dockerd import NoDaemonError, daemon

NO_HOME = "/dev/null/this-test-has-no-home"


def pytest_configure() -> None:
    """What tests start ignores no signal, though they run behind a shell's `&` or `nohup`."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that needs a home folder asks for one; the default can't even be made."""
    monkeypatch.setenv("SHUNTER_HOME", NO_HOME)
    monkeypatch.delenv("SHUNTER_MODULES", raising=False)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder that other uids may pass through, as pytest's own may not be: root's steps have one."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-"))
    folder.chmod(0o711)
    yield folder
    for where, folders, _ in os.walk(folder):  # a test may have closed some, to an ordinary user as well
        for name in folders:
            if not os.path.islink(os.path.join(where, name)):
                os.chmod(os.path.join(where, name), 0o700)
    shutil.rmtree(folder)


@pytest.fixture
def home(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home folder, which SHUNTER_HOME names."""
    monkeypatch.setenv("SHUNTER_HOME", str(open_folder / "home"))
    return open_folder / "home"


@pytest.fixture(scope="session")
def docker_or_reason() -> Iterator[str]:
    """Empty where a Docker daemon runs, which DOCKER_HOST names from now on; else why none can."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(daemon())
        except NoDaemonError as error:
            yield str(error)
            return
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("DOCKER_HOST", address)
        yield ""


@pytest.fixture(scope="session")
def docker_daemon(docker_or_reason: str) -> str:
    """The address of a Docker daemon, which DOCKER_HOST names; skips where none can run."""
    if docker_or_reason:
        pytest.skip(f"Docker: {docker_or_reason}")
    return os.environ["DOCKER_HOST"]
