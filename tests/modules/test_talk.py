"""The demonstration: the sample plan on the sample recording, and what changing one thing runs again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shunter.agent import Run, Workspace
from shunter.agent.executors import ExecutorKind

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
QUESTION = "Who founded Dagger?"


@pytest.fixture
def other_recording(workspace: Workspace) -> Any:
    """A recording with other words."""
    ready = workspace.call("speech.say")
    run = workspace.run(ready, workspace.inputs(ready, text="The harbour was founded by a fisherman."))
    return run.report.outputs["result"]


def _run(workspace: Workspace, **changed: Any) -> Run:
    ready = workspace.load(EXAMPLES / "talk.yaml")
    given = {"recording": str(EXAMPLES / "talk.wav"), "question": QUESTION}
    inputs = workspace.inputs(ready, **given)
    return workspace.run(ready, {**inputs, **changed})


def _outcomes(run: Run) -> dict[str, str]:
    return {step.id: step.outcome.value for step in run.report.steps}


def test_a_changed_question_runs_the_answer_alone_and_a_changed_recording_what_depends_on_it(
    workspace: Workspace, other_recording: Any, tmp_path: Path
) -> None:
    saved = _run(workspace).save(tmp_path / "out")
    assert saved["transcript"].read_text().split() == (EXAMPLES / "talk.txt").read_text().split()
    answer = saved["answer"].read_text()
    assert answer.startswith("Dagger was founded by Solomon Hykes, the founder of Docker. [1]\n")
    assert "## Passages" in answer
    assert _outcomes(_run(workspace)) == {"transcript": "cached", "answer": "cached"}
    question = _run(workspace, question="What put software into containers?")
    assert _outcomes(question) == {"transcript": "cached", "answer": "executed"}
    recording = _run(workspace, recording=other_recording)
    assert _outcomes(recording) == {"transcript": "executed", "answer": "executed"}
    assert _outcomes(_run(workspace)) == {"transcript": "cached", "answer": "cached"}


@pytest.mark.timeout(600)
def test_the_answer_is_the_same_under_docker_and_is_another_result(
    workspace: Workspace, docker_daemon: str, tmp_path: Path
) -> None:
    here = _run(workspace).save(tmp_path / "sandbox")
    with Workspace(home=workspace.store.home, executor=ExecutorKind.DOCKER) as other:
        there = _run(other)
        assert _outcomes(there) == {"transcript": "executed", "answer": "executed"}
        saved = there.save(tmp_path / "docker")
        assert _outcomes(_run(other)) == {"transcript": "cached", "answer": "cached"}
    for name in ("transcript", "answer"):
        assert saved[name].read_bytes() == here[name].read_bytes()
