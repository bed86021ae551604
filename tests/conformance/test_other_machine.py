"""A daemon that sees no file of this machine has to pass the suite too, as far as it says that it can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITE = ("inputs", "outputs", "endings", "stopping", "images", "limits")


@pytest.mark.timeout(600)
def test_everything_can_go_and_come_as_archives(docker_daemon: str, open_folder: Path) -> None:
    suite = [f"tests/conformance/test_{name}.py" for name in SUITE]
    options = ["-q", "-k", "docker", "-p", "no:cacheprovider", "-p", "no:xdist"]
    environment = {**os.environ, "SHUNTER_DOCKER_FILES": "archive", "DOCKER_HOST": docker_daemon}
    argv = [sys.executable, "-m", "pytest", *options, "--basetemp", str(open_folder / "pytest"), *suite]
    ran = subprocess.run(
        argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
