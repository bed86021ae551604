"""`shunter export gptscript`, driven by GPTScript's own binary and a scripted model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.agent.scripts.conftest import environment_of

from shunter.agent import Workspace
from shunter.agent.endpoints import Say, ScriptedEndpoint, ScriptedRequest, ToolCalls
from shunter.agent.endpoints.scripted import Scripted
from shunter.engine.run.history import past_runs

KEY = "sk-test-unmistakable"
FUNCTIONS = ("text.grep", "text.sort_lines", "text.head", "text.to_string")


def _last(request: ScriptedRequest) -> str:
    return request.messages[-1]["content"].strip()


def _next(name: str, **more: int | str | bool) -> Callable[[ScriptedRequest], ToolCalls]:
    """Calls a tool with the handle that the last one gave."""
    return lambda request: ToolCalls(((name, {"file": _last(request), **more}),))


def _model() -> ScriptedEndpoint:
    return ScriptedEndpoint(
        [
            ToolCalls((("textGrep", {"file": "harbour.txt", "pattern": "ship"}),)),
            _next("textSortLines", reverse=True),
            _next("textHead", lines=1),
            _next("textToString"),
            lambda request: Say(f"The last one is: {_last(request)}"),
        ],
        key=KEY,
    )


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "harbour.txt").write_text("ship b\nboat a\nship c\nship a\n")
    (tmp_path / "main.gpt").write_text("Tools: ./tools.gpt\n\nFind the ship that comes last.\n")
    return tmp_path


def _shunter(workspace: Workspace, here: Path, *words: str) -> None:
    command = [sys.executable, "-m", "shunter.cli", *words, "--home", str(workspace.store.home)]
    subprocess.run(command, cwd=here, check=True, capture_output=True, timeout=60)


def _run(workspace: Workspace, here: Path, endpoint: ScriptedEndpoint) -> str:
    binary = environment_of(workspace, "gptscript") / "bin/gptscript"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(here),
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": endpoint.base_url,
    }
    command = [str(binary), "--disable-cache", "--quiet", "main.gpt"]
    ran = subprocess.run(
        command, cwd=here, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_gptscript_assembles_and_runs_a_pipeline_and_the_second_time_it_is_cached(
    workspace: Workspace, here: Path
) -> None:
    _shunter(workspace, here, "export", "gptscript", "-o", "tools.gpt", "text")
    answers = []
    for _ in range(2):
        with _model() as endpoint:
            assert _run(workspace, here, endpoint) == "The last one is: ship c"
            answers.append([_last(request) for request in endpoint.requests[1:]])
    assert answers[0] == answers[1]
    assert all(re.fullmatch("artifact:[0-9a-f]{12}/harbour.txt", text) for text in answers[0][:3])
    assert answers[0][3] == "ship c"
    assert _outcomes(workspace) == [
        *((name, "executed") for name in FUNCTIONS),
        *((name, "cached") for name in FUNCTIONS),
    ]


def _outcomes(workspace: Workspace) -> list[tuple[str, str]]:
    """What became of the calls in this workspace, the oldest first."""
    found = []
    for run in reversed(past_runs(workspace.runs)):
        events = list(run.events())
        calls = [str(name) for event in events if event["event"] == "run-started" for name in _called(event)]
        outcomes = [str(event["outcome"]) for event in events if event["event"] == "step-finished"]
        found += [pair for pair in zip(calls, outcomes, strict=True) if pair[0] in FUNCTIONS]
    return found


def _called(event: Mapping[str, Any]) -> list[str]:
    return [step["call"] for step in event["steps"]]


def test_what_a_tool_complains_of_reaches_the_model(workspace: Workspace, here: Path) -> None:
    _shunter(workspace, here, "export", "gptscript", "-o", "tools.gpt", "text.to_string")
    wrong: list[Scripted] = [
        ToolCalls((("textToString", {"file": "artifact:000000000000/x"}),)),
        ToolCalls((("textToString", {"file": "../secret.txt"}),)),
        lambda request: Say(_last(request)),
    ]
    with ScriptedEndpoint(wrong, key=KEY) as endpoint:
        said = _run(workspace, here, endpoint)
        first = _last(endpoint.requests[1])
    assert "there is no artifact 'artifact:000000000000/x' here" in first
    assert "../secret.txt is outside of the current folder" in said
