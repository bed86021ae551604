"""`shunter runs resume`: going on after a kill."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest
from tests.acceptance.engines import engine
from tests.cli.conftest import Shunter
from tests.cli.text import steady

from shunter.agent import Workspace
from shunter.agent.executors import ExecutorKind
from shunter.agent.resume import interrupted_run
from shunter.engine.errors import RunBusy, UsageError

PLAN = """
version: 1
goal: Say it in steps
inputs:
  text: {type: "File[text/*]"}
  seconds: {type: float}
steps:
  - {id: loud, call: toy.upper, with: {file: {from: text}}}
  - {id: slow, call: toy.wait, each: {text: [a, b]}, with: {seconds: {from: seconds}}}
  - {id: end, call: toy.join, with: {texts: {from: slow}}}
outputs: {loud: {from: loud}, end: {from: end}}
"""
WORDS = ("run", "plan.yaml", "-i", "text=text.txt", "-i", "seconds=1.25", "-q", "--jobs", "1")


@pytest.fixture
def plan(here: Path) -> Path:
    (here / "plan.yaml").write_text(PLAN)
    (here / "text.txt").write_text("hello\n")
    return here / "plan.yaml"


def _kill(*words: str, home: Path, kind: str = "call-started", step: str = "slow") -> None:
    with engine(*words, home=home) as killed:
        killed.wait_for(kind, step)
        killed.end(signal.SIGKILL)


def test_a_killed_run_is_finished_as_it_was_begun(
    shunter: Shunter, plan: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From elsewhere, without its plan, without its inputs: the run's folder and the store have them."""
    _kill(*WORDS, "--output", "out", home=home, kind="call-finished")
    here, elsewhere = plan.parent, tmp_path / "elsewhere"
    plan.unlink()
    (here / "text.txt").unlink()
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    ended = shunter("runs", "resume", "last")
    assert ended.code == 0, ended.err
    assert "1 cached" in ended.err
    assert (here / "out" / "loud.txt").read_text() == "HELLO\n"
    assert (here / "out" / "end.txt").read_text() == "a,b\n"
    shown = shunter("runs", "show", "last")
    lines = steady(shown.out).splitlines()
    assert lines[0] == "run RUN: done, Say it in steps"
    assert sorted(line.split()[1] for line in lines[1:5]) == ["end", "loud", "slow[0]", "slow[1]"]
    assert all("executed" in line for line in lines[1:5]), "before the kill or after it"
    (run,) = json.loads(shunter("runs", "list", "--json").out)["runs"]
    assert run["status"] == "done", "it is one run, before and after"


def test_json_is_that_of_a_run(shunter: Shunter, plan: Path, home: Path) -> None:
    _kill(*WORDS, home=home, kind="call-finished")
    ended = shunter("runs", "resume", "last", "--json", "--output", "there")
    document = json.loads(ended.out)
    assert (document["status"], document["planner"]) == ("done", None)
    assert document["saved"]["end"].endswith("there/end.txt")
    (calls,) = (step["calls"] for step in document["steps"] if step["id"] == "slow")
    assert sorted(call["outcome"] for call in calls) == ["cached", "executed"]


def test_a_run_that_is_done_isnt_gone_on_with(shunter: Shunter, here: Path) -> None:
    shunter("call", "toy.shout", "--text", "x")
    ended = shunter("runs", "resume", "last")
    assert (ended.code, steady(ended.err)) == (
        2,
        "shunter: run RUN is done; there is nothing to go on with\n  `shunter runs show RUN` shows it\n",
    )


def test_a_run_that_goes_on_isnt_taken_over(shunter: Shunter, plan: Path, home: Path) -> None:
    with engine(*WORDS, home=home) as running:
        running.wait_for("call-started", "slow")
        ended = shunter("runs", "resume", "last")
        assert (ended.code, steady(ended.err)) == (
            2,
            "shunter: run RUN is still going on\n  wait for its end, or stop its process\n",
        )
        assert running.end()[0] == 0


def test_of_two_who_resume_one_does(plan: Path, home: Path) -> None:
    _kill(*WORDS, home=home)
    with engine("runs", "resume", "last", "-q", home=home) as one:
        _wait_until_resumed(one.home)
        with Workspace(home=home) as workspace, pytest.raises(RunBusy, match="is still going on"):
            workspace.resume()
        assert one.end()[0] == 0
    with Workspace(home=home) as workspace, pytest.raises(UsageError, match="is done"):
        workspace.resume()


def _wait_until_resumed(home: Path) -> None:
    while not any('"run-resumed"' in path.read_text() for path in home.glob("runs/*/events.jsonl")):
        pass


def test_a_resumed_run_can_be_killed_and_resumed_again(shunter: Shunter, plan: Path, home: Path) -> None:
    _kill(*WORDS, home=home)
    with engine("runs", "resume", "last", "-q", home=home) as again:
        _wait_until_resumed(home)
        again.end(signal.SIGKILL)
    assert json.loads(shunter("runs", "list", "--json").out)["runs"][0]["status"] == "killed"
    ended = shunter("runs", "resume", "last", "--json")
    assert json.loads(ended.out)["outputs"]["end"] == "a,b"


SENDING = """
version: 1
steps:
  - {id: first, call: toy.send, with: {text: once}}
  - {id: slow, call: toy.wait, with: {text: {from: first}, seconds: 1.0}}
  - {id: second, call: toy.dispatch, with: {text: {from: slow}}}
outputs: {sent: {from: second}}
"""
DISPATCH = """
[functions.dispatch]
doc = "Act on the world, slowly."
command = "sleep 1.5; echo \\"$text\\""
shell = true
cache = "never"
effects = ["post"]
parameters.text = {type = "str"}
returns = {type = "str"}

[python]"""


@pytest.fixture
def sending(here: Path) -> Path:
    manifest = here / "modules" / "toy" / "module.toml"
    manifest.write_text(manifest.read_text().replace("[python]", DISPATCH))
    (here / "plan.yaml").write_text(SENDING)
    return here / "plan.yaml"


def test_what_has_acted_on_the_world_doesnt_do_so_again(shunter: Shunter, sending: Path, home: Path) -> None:
    _kill("run", "plan.yaml", "-q", "--allow", "effect:mail", "--allow", "effect:post", home=home)
    ended = shunter("runs", "resume", "last", "--json")
    outcomes = {step["id"]: step["outcome"] for step in json.loads(ended.out)["steps"]}
    assert outcomes == {"first": "cached", "slow": "executed", "second": "executed"}


def test_what_may_have_acted_has_to_be_allowed_again(shunter: Shunter, sending: Path, home: Path) -> None:
    _kill("run", "plan.yaml", "-q", "--yes", home=home, step="second")
    ended = shunter("runs", "resume", "last")
    assert ended.code == 4
    assert steady(ended.err).splitlines()[-2:] == [
        "shunter: run RUN ended while steps acted, and they may have done so: second (post). Nothing was started",
        "  look whether it happened; `--allow effect:post` does it again",
    ]
    again = shunter("runs", "resume", "last", "--json", "--allow", "effect:post")
    assert json.loads(again.out)["outputs"] == {"sent": "once"}


def test_what_was_allowed_holds_only_for_the_same_modules(
    shunter: Shunter, sending: Path, home: Path
) -> None:
    _kill("run", "plan.yaml", "-q", "--yes", home=home)
    manifest = sending.parent / "modules" / "toy" / "module.toml"
    manifest.write_text(manifest.read_text().replace("0.1.0", "0.1.1"))
    ended = shunter("runs", "resume", "last")
    assert ended.code == 4
    assert "the module toy has changed since this plan was written" in ended.err
    assert shunter("runs", "resume", "last", "--yes").code == 0


def test_the_plan_of_a_goal_is_gone_on_with(shunter: Shunter, plan: Path, home: Path) -> None:
    """Nobody plans again; who planned is still said."""
    manifest = plan.parent / "modules" / "toy" / "module.toml"
    slow = 'command = "sleep 1.25; tr a-z A-Z"\nshell = true'
    manifest.write_text(manifest.read_text().replace('command = ["tr", "a-z", "A-Z"]', slow, 1))
    words = ("run", "Shout the text", "-i", "text=hello", "--planner", "embedded", "--only", "toy", "-q")
    with engine(*words, home=home) as killed:
        while not any(event["event"] == "call-started" for event in killed.events()):
            assert killed.process.poll() is None, killed.end()
        killed.end(signal.SIGKILL)
    ended = shunter("runs", "resume", "last", "--json")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert (document["status"], document["planner"]) == ("done", "embedded")


def test_an_input_that_is_gone_is_named(shunter: Shunter, plan: Path, home: Path) -> None:
    _kill(*WORDS, home=home)
    shutil.rmtree(home / "blobs")
    ended = shunter("runs", "resume", "last")
    assert ended.code == 2
    assert steady(ended.err).splitlines()[-2:] == [
        "shunter: the input text of run RUN isn't in the store any more",
        "  run its plan again, with its inputs: what is done comes from the cache",
    ]


def test_it_goes_on_with_the_executor_that_it_was_begun_with(
    plan: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kill(*WORDS, "--executor", "sandbox", home=home)
    monkeypatch.setenv("SHUNTER_EXECUTOR", "docker")
    with Workspace(home=home) as workspace:
        assert interrupted_run(workspace, "last").workspace.executor_kind is ExecutorKind.SANDBOX


def test_from_python(plan: Path, home: Path) -> None:
    _kill(*WORDS, home=home)
    with Workspace(home=home) as workspace:
        assert workspace.resume().report.outputs["end"] == "a,b"
