"""Scripts whose tools share a workspace, run in containers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.agent.scripts.conftest import Script

from shunter.agent import Workspace
from shunter.agent.planners.protocol import Choice, Proposal, Question
from shunter.agent.planners.scripted import ScriptedPlanner
from shunter.engine.errors import PlanRefused, UsageError
from shunter.engine.plan.model import Plan
from shunter.engine.run.outcome import Outcome, Status
from shunter.engine.values import Directory

NOTES = """\
Tools: note, count, sys.ls, sys.read, sys.find, sys.stat, sys.time.now

Note something.
---
Name: note
Args: text: what

#!/bin/sh
echo "$TEXT" >> "$GPTSCRIPT_WORKSPACE_DIR/notes.txt"
echo "noted $TEXT"
---
Name: count
Metadata: workspace: read
Metadata: returns: int

#!/bin/sh
grep -c . "$GPTSCRIPT_WORKSPACE_DIR/notes.txt"
"""


def _plan(*steps: tuple[str, str, dict[str, Any]]) -> Proposal:
    data = {
        "version": 1,
        "steps": [{"id": name, "call": call, "with": arguments} for name, call, arguments in steps],
        "outputs": {name: {"from": name} for name, _, _ in steps},
    }
    return Proposal(Plan.model_validate(data))


TWICE = _plan(
    ("a", "script.note", {"text": "one"}),
    ("n", "script.count", {}),
    ("b", "script.note", {"text": {"from": "a"}}),
    ("m", "script.count", {}),
    ("text", "sys.read", {"filename": "notes.txt"}),
)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with a note in it, and one inside."""
    folder = tmp_path / "notes"
    (folder / "old").mkdir(parents=True)
    (folder / "notes.txt").write_text("first\n")
    (folder / "old/b.txt").write_text("b\n")
    return folder


def test_what_a_tool_writes_is_there_for_the_next_one_and_comes_out(
    script: Script, workspace: Workspace
) -> None:
    run = script(NOTES).pursue(planner=ScriptedPlanner([TWICE])).run
    outputs = dict(run.report.outputs)
    kept = outputs.pop("workspace")
    assert outputs == {"a": "noted one", "n": 1, "b": "noted noted one", "m": 2, "text": "one\nnoted one"}
    assert isinstance(kept, Directory)
    assert [name for name, _ in workspace.store.get_tree(kept).entries] == ["notes.txt"]


def test_a_folder_that_is_given_is_where_it_begins_and_stays_as_it_was(script: Script, notes: Path) -> None:
    ready = script(NOTES)
    run = ready.pursue(planner=ScriptedPlanner([TWICE]), workspace=notes).run
    assert (run.report.outputs["n"], run.report.outputs["m"]) == (2, 3)
    assert (notes / "notes.txt").read_text() == "first\n"
    again = ready.pursue(planner=ScriptedPlanner([TWICE]), workspace=notes).run
    assert {step.outcome for step in again.report.steps} == {Outcome.CACHED}


def test_builtin_tools_look_at_the_workspace_as_gptscripts_own_do(script: Script, notes: Path) -> None:
    looks = _plan(
        ("ls", "sys.ls", {}),
        ("inside", "sys.ls", {"dir": "old"}),
        ("read", "sys.read", {"filename": "old/b.txt"}),
        ("found", "sys.find", {"pattern": "b*"}),
        ("below", "sys.find", {"pattern": "*", "directory": "old"}),
        ("none", "sys.find", {"pattern": "z*"}),
        ("file", "sys.stat", {"filepath": "notes.txt"}),
        ("folder", "sys.stat", {"filepath": "old"}),
        ("now", "sys.time_now", {}),
    )
    outputs = dict(script(NOTES).pursue(planner=ScriptedPlanner([looks]), workspace=notes).run.report.outputs)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(outputs.pop("now")))
    assert re.fullmatch(r"Directory old mode: drwx.*, size: \d+ bytes", str(outputs.pop("folder")))
    assert re.fullmatch(r"File notes.txt mode: -r.*, size: 6 bytes", str(outputs.pop("file")))
    assert outputs == {
        "ls": "notes.txt\nold/",
        "inside": "b.txt",
        "read": "b",
        "found": "old/b.txt",
        "below": "old/b.txt",
        "none": "No files found",
    }


def test_builtin_tools_see_nothing_but_the_workspace(script: Script, notes: Path) -> None:
    outside = _plan(("read", "sys.read", {"filename": "../../../etc/shadow"}))
    run = script(NOTES).pursue(planner=ScriptedPlanner([outside]), workspace=notes).run
    assert run.report.status is Status.FAILED


def test_a_script_that_only_looks_needs_a_workspace(script: Script) -> None:
    with pytest.raises(UsageError, match="needs workspace"):
        script("Tools: sys.ls\n\nList.\n").pursue(planner=ScriptedPlanner([TWICE]))


def test_the_planner_sees_functions_and_its_own_earlier_plans_without_the_workspace(
    script: Script, notes: Path
) -> None:
    wrong = _plan(("a", "script.note", {"text": "x", "nope": 1}))
    planner = ScriptedPlanner([wrong, TWICE])
    script(NOTES).pursue(planner=planner, workspace=notes)
    first, second = planner.tasks
    assert "workspace" not in first.goal.inputs
    assert str(first.functions["script.note"]) == "script.note(text: str) -> str"
    assert str(first.functions["sys.read"]) == "sys.read(filename: str) -> str"
    (attempt,) = second.attempts
    assert attempt.plan == wrong.plan


def test_a_question_is_threaded_too(script: Script) -> None:
    other = _plan(("a", "script.note", {"text": "other"}))
    question = Question("Which?", (Choice("one", TWICE), Choice("two", other)))
    run = script(NOTES).pursue(planner=ScriptedPlanner([question])).run
    assert run.report.outputs["m"] == 2


def test_a_function_that_the_script_doesnt_name_is_refused_whoever_planned_it(script: Script) -> None:
    beyond = _plan(("a", "archive.contents", {"archive": "x"}))
    with pytest.raises(PlanRefused) as caught:
        script(NOTES).pursue(planner=ScriptedPlanner([beyond]))
    assert "the goal doesn't allow archive.contents" in str(caught.value.problems[0])


def test_a_tool_that_writes_isnt_called_for_each_element(script: Script) -> None:
    steps = [{"id": "a", "call": "script.note", "each": {"text": ["x", "y"]}}]
    mapped = Proposal(Plan.model_validate({"version": 1, "steps": steps, "outputs": {"a": {"from": "a"}}}))
    with pytest.raises(PlanRefused) as caught:
        script(NOTES).pursue(planner=ScriptedPlanner([mapped]))
    assert str(caught.value.problems[0]) == (
        "steps.a.each: script.note can't be called for each element: each call changes what the next one gets"
    )


def test_a_tool_that_writes_returns_files_and_data_as_well(script: Script, workspace: Workspace) -> None:
    text = "Name: t\nMetadata: returns: File[text/csv]\n\n#!/bin/sh\necho a,b; touch $GPTSCRIPT_WORKSPACE_DIR/made\n"
    outputs = script(text).pursue().run.report.outputs
    assert set(outputs) == {"result", "workspace"}
    assert "t.csv" in str(outputs["result"])
    data = text.replace("File[text/csv]", "list[int]").replace("a,b", "[1, 2]")
    assert script(data).pursue().run.report.outputs["result"] == (1, 2)
    wrong = script(data.replace("[1, 2]", "no")).pursue().run.report
    assert wrong.status is Status.FAILED
    failing = script(data.replace("echo", "exit 4; echo")).pursue().run.report
    (failure,) = [call.failure for step in failing.steps for call in step.failures]
    assert failure is not None
    assert failure.exit_code == 4


def test_files_and_folders_of_the_workspace_can_be_changed_whatever_their_modes(
    script: Script, tmp_path: Path
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "a.txt").write_text("a\n")
    (folder / "a.txt").chmod(0o444)
    (folder / "link").symlink_to("a.txt")
    text = "Name: t\n\n#!/bin/sh -e\ncd $GPTSCRIPT_WORKSPACE_DIR; echo b >> a.txt; cat link; rm link a.txt\n"
    assert script(text).pursue(workspace=folder).run.report.outputs["result"] == "a\nb"
