"""Scripts in a workspace whose store lasts for the session, and GPTScript's own binary to compare with."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shunter.agent import Workspace
from shunter.agent.scripts import ReadyScript, open_script

Script = Callable[..., ReadyScript]


@pytest.fixture(scope="session")
def workspace() -> Iterator[Workspace]:
    """One store for all tests of a process, so that the parser is installed once."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-scripts-"))
    folder.chmod(0o711)  # root's steps run under another uid
    with Workspace(home=folder / "home") as opened:
        yield opened
    shutil.rmtree(folder)


@pytest.fixture
def script(workspace: Workspace, tmp_path: Path) -> Script:
    """The script that a text is, in a folder of its own."""

    def _script(text: str, **others: str) -> ReadyScript:
        for name, content in {"main": text, **others}.items():
            (tmp_path / f"{name}.gpt").write_text(content)
        return open_script(workspace, tmp_path / "main.gpt")

    return _script


@pytest.fixture
def binary(workspace: Workspace, tmp_path: Path) -> Callable[..., str]:
    """Runs a script with GPTScript's own binary, which prints its result."""
    program = environment_of(workspace, "gptscript") / "bin/gptscript"

    def run(*words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        command = [str(program), "--disable-cache", "--quiet", *words]
        ran = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
        )
        return ran.stdout

    return run


def environment_of(workspace: Workspace, module: str) -> Path:
    """The folder with a module's packages, which are installed where they aren't yet."""
    import asyncio

    from shunter.agent.run import Observers
    from shunter.engine.actions.result import Result
    from shunter.engine.run.perform import Performer
    from shunter.engine.values import Directory
    from shunter.tools.environment import python_environment

    action = python_environment(workspace.catalogue.module(module), workspace.store)
    assert action is not None
    performer = Performer(workspace.store, workspace.executor, Observers([]))
    answer = asyncio.run(performer.perform(action, performer.key(action))).answer
    assert isinstance(answer, Result)
    assert isinstance(answer.value, Directory)
    return workspace.store.tree_path(answer.value)
