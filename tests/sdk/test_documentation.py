"""The module that the documentation writes down is one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shunter.tools.modules.module import load_module

ROOT = Path(__file__).parents[2]


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """The folder of the module, put together from the page's blocks."""
    page = (ROOT / "docs/writing-functions.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(toml|python)\n(.*?)```", page, re.DOTALL)
    manifest, _, command = (text for kind, text in blocks if kind == "toml")
    source, test = (text for kind, text in blocks if kind == "python")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "module.toml").write_text(manifest + command)
    (folder / "notes.py").write_text(source)
    (folder / "test_notes.py").write_text(test)
    return folder


def test_its_functions_are_those_that_the_page_speaks_of(module: Path) -> None:
    assert [str(function.signature) for function in load_module(module).functions.values()] == [
        "notes.title(page: File[text/markdown]) -> {text: str, level: int}",
        "notes.shout(text: File[text/*], twice: bool = false) -> File[text/plain]",
        "notes.first(file: File[text/*], lines: int = 10, quiet: bool = true) -> File[text/plain]",
    ]


def test_its_test_passes(module: Path) -> None:
    calls = "import test_notes; test_notes.test_shouting_twice(); print('passed')"
    done = subprocess.run(
        [sys.executable, "-c", calls],
        cwd=module,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), "TMPDIR": str(module)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("passed\n", "")
    assert list(module.glob("shunter-out-*")) == [], "what a test made is cleared away"
