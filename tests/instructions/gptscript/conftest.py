"""Scripts made of texts, read by the real parser in a container."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shunter.agent import Workspace
from shunter.agent.scripts import open_script
from shunter.instructions.gptscript.errors import ScriptRefused
from shunter.instructions.gptscript.program import Program

Write = Callable[..., Path]
Link = Callable[..., Program]


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """One store for all tests of a process, so that the parser is installed once."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-gptscript-"))
    folder.chmod(0o711)  # root's steps run under another uid
    with Workspace(home=folder / "home") as opened:
        yield opened
    shutil.rmtree(folder)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the script main.gpt into the current folder, which is fresh, and other files beside it."""
    monkeypatch.chdir(tmp_path)

    def _write(text: str, **others: str) -> Path:
        for name, content in others.items():
            (tmp_path / f"{name}.gpt").write_text(content)
        path = tmp_path / "main.gpt"
        path.write_text(text)
        return path

    return _write


@pytest.fixture
def link(workspace: Workspace, write: Write) -> Link:
    """The program that texts are."""

    def _link(text: str, **others: str) -> Program:
        return open_script(workspace, write(text, **others)).program

    return _link


@pytest.fixture
def refused(link: Link) -> Callable[..., list[str]]:
    """What is wrong with a script, one thing a line."""

    def _refused(text: str, **others: str) -> list[str]:
        with pytest.raises(ScriptRefused) as caught:
            link(text, **others)
        return [str(finding) for finding in caught.value.findings]

    return _refused
