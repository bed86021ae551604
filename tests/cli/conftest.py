"""The command line in this process: `shunter("call", …)` gives the exit code and both streams."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.cli.toys import write_toys

from shunter.cli.main import main


@dataclass(frozen=True)
class Ended:
    """A command that ended; `raw` is what it wrote to standard output."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode("utf-8")


Shunter = Callable[..., Ended]

COMMAND = (sys.executable, "-c", "import sys; from shunter.cli.main import process; sys.exit(process())")
"""What the installed script does."""


def process(*words: object, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a command in a process of its own, in the current folder."""
    command = [*COMMAND, *map(str, words)]
    ran = subprocess.run(
        command, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )
    return Ended(ran.returncode, ran.stdout, ran.stderr.decode("utf-8", "replace"))


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: it is empty, but for the module `toy` in `modules/`."""
    folder = tmp_path / "here"
    write_toys(folder / "modules")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def shunter(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Shunter:
    """Runs a command in this process, in the folder `here`."""

    def run(*words: object) -> Ended:
        capfdbinary.readouterr()
        code = main([str(word) for word in words])
        captured = capfdbinary.readouterr()
        return Ended(code, captured.out, captured.err.decode("utf-8"))

    return run
