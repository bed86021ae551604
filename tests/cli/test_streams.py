"""Standard streams that are closed, full, or read by somebody who has gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Ended

PLAN = "{version: 1, steps: [{id: one, call: toy.shout, with: {text: %s}}], outputs: {x: {from: one}}}"
WORDS = [
    ("functions",),
    ("--help",),
    ("call", "toy.shout", "--text", "x"),
    ("run", "plan.yaml"),
    ("run", "plan.yaml", "--json"),
]


def _in_shell(redirection: str, *words: str) -> Ended:
    """A command with its streams as `redirection` says."""
    ran = subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *COMMAND, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ended(ran.returncode, ran.stdout, ran.stderr.decode())


@pytest.fixture(autouse=True)
def plan(here: Path) -> Path:
    (here / "plan.yaml").write_text(PLAN % "x")
    return here / "plan.yaml"


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_standard_output_that_is_full_is_said_once(words: tuple[str, ...]) -> None:
    ended = _in_shell("> /dev/full", *words)
    assert ended.code == 5, ended
    assert ended.err.splitlines()[-2:] == [
        "shunter: can't write to standard output: No space left on device",
        "  make room there, or redirect it",
    ]
    assert ended.err.count("shunter: ") == 1
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_closed_standard_output_loses_what_would_have_been_printed_and_nothing_else(
    words: tuple[str, ...],
) -> None:
    ended = _in_shell(">&-", *words)
    assert ended.code == 0, ended
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_standard_error_that_takes_nothing_changes_no_result(redirection: str) -> None:
    ended = _in_shell(redirection, "run", "plan.yaml", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["outputs"] == {"x": "X"}
    assert _in_shell(redirection, "run", "no.yaml") == Ended(2, b"", "")


def test_with_all_streams_closed_the_run_is_made(here: Path) -> None:
    ended = _in_shell("<&- >&- 2>&-", "run", "plan.yaml", "-o", "out")
    assert ended == Ended(0, b"", "")
    assert (here / "out/x.txt").read_text() == "X\n"


def test_a_reader_that_goes_early_ends_no_run(here: Path) -> None:
    """Otherwise `shunter run … | head` would stop in the middle and say that all is well."""
    (here / "bad.yaml").write_text("{version: 1, steps: [{id: one, call: toy.fail}]}")
    read, write = os.pipe()
    os.close(read)
    codes = {
        plan: subprocess.run(
            [*COMMAND, "run", plan, "-o", "out"], stdout=write, stderr=write, timeout=60, check=False
        ).returncode
        for plan in ("plan.yaml", "bad.yaml", "no.yaml")
    }
    os.close(write)
    assert codes == {"plan.yaml": 0, "bad.yaml": 1, "no.yaml": 2}
    assert (here / "out/x.txt").read_text() == "X\n"


_INTERRUPTED_BY_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interrupter:
    def find_spec(name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupter)
from shunter.cli.main import main
sys.exit(main())
"""


@pytest.mark.parametrize("module", ["shunter.cli.run", "pydantic", "yaml", "asyncio"])
def test_an_interrupt_before_anything_runs_is_no_traceback(module: str) -> None:
    code = _INTERRUPTED_BY_IMPORT.format(module=module)
    ran = subprocess.run(
        [sys.executable, "-c", code, "run", "plan.yaml"], capture_output=True, timeout=60, check=False
    )
    assert ran.returncode == 130
    assert ran.stderr.splitlines()[-1].startswith(b"interrupted")
    assert b"Traceback" not in ran.stderr
