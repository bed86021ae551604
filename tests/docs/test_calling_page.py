"""The commands of the page about functions that call functions work as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
USED = ("README.md", "docs/design", "docs/examples")


def _commands() -> list[str]:
    page = (ROOT / "docs/functions-that-call-functions.md").read_text(encoding="utf-8")
    return [line.removeprefix("$ ") for block in BLOCK.findall(page) for line in block.splitlines()]


@pytest.fixture
def copied(tmp_path: Path, home: Path) -> Path:
    """A folder that has what the page's commands name."""
    for name in USED:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    return tmp_path


def _typed(commands: list[str], where: Path) -> str:
    ran = subprocess.run(
        ["bash", "-euc", "\n".join(commands)],
        cwd=where,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_commands_work(copied: Path) -> None:
    typed = [command for command in _commands() if "handbook.words" not in command]
    out = _typed(typed, copied)
    assert "<html" in (copied / "out/handbook/page.html").read_text()
    calls = [line.split()[1] for line in out.splitlines() if line.startswith("    ✓")]
    assert sorted(calls) == ["files.find", "report.markdown_to_html", "text.concatenate", "text.count"]


@pytest.mark.skipif(not Path("/usr/bin/curl").exists(), reason="steps see no curl: /usr/bin/curl is missing")
def test_a_shell_calls_functions_by_curl(copied: Path) -> None:
    (typed,) = [command for command in _commands() if "handbook.words" in command]
    words = len((copied / "docs/examples/talk.txt").read_text().split())
    assert _typed([typed], copied) == f"{words}\n"


def test_the_commands_of_curl_are_those_of_the_example() -> None:
    page = (ROOT / "docs/sessions-protocol.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert shown.rstrip() in (ROOT / "docs/examples/handbook/module.toml").read_text(encoding="utf-8")
