"""Secrets in the loop and from Python: planners wire them, and no plan gives more than was approved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shunter.agent import Secret, Workspace
from shunter.agent.approval import Allowed
from shunter.agent.errors import Refused
from shunter.agent.loop import Loop
from shunter.agent.planners.protocol import Proposal
from shunter.agent.planners.scripted import Line, ScriptedPlanner
from shunter.engine.errors import InputError, PlanRefused, UsageError
from shunter.engine.plan.model import Plan, Requires
from shunter.engine.run.outcome import Status
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.readers import EnvironmentReader
from shunter.engine.values import Value
from shunter.engine.values.source import Scheme

VALUE = "hunter22"
MANIFEST = """\
[module]
name = "vault"
version = "0.1.0"
description = "Uses secrets."

[functions.one]
doc = "Unlock the first door."
command = "cat \\"$key\\"; test \\"$word\\" = open && echo unlocked > /out/said"
shell = true
parameters.key = { type = "Secret" }
parameters.word = { type = "str", default = "open" }
returns = { type = "File[text/plain]", from = "out/said" }

[functions.two]
doc = "Unlock the second door."
command = ["wc", "-c", "{key}"]
parameters.key = { type = "Secret" }
returns = { type = "File[text/plain]" }
"""


@pytest.fixture
def workspace(home: Path, tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "module.toml").write_text(MANIFEST)
    readers = {Scheme.ENV: EnvironmentReader({"KEY": VALUE})}
    with Workspace(home=home, modules=[tmp_path], secrets=readers) as opened:
        yield opened


def _plan(function: str, key: object = None, *, default: str | None = None, **more: Any) -> Proposal:
    declared = {"type": "Secret"} if default is None else {"type": "Secret", "default": default}
    step = {"id": "door", "call": function, "with": {"key": key or {"from": "key"}, **more}}
    data = {"version": 1, "inputs": {"key": declared}, "steps": [step], "outputs": {"door": {"from": "door"}}}
    return Proposal(Plan.model_validate(data))


def _loop(workspace: Workspace, *lines: Line, allowed: Allowed) -> tuple[Loop, ScriptedPlanner]:
    planner = ScriptedPlanner(lines)
    return Loop(workspace, planner, allowed=allowed), planner


ONE = Allowed(Requires(secrets=("vault.one=env:KEY",)))
ANY = Allowed(Requires(secrets=("env:KEY",)))


def test_a_planner_knows_that_an_input_is_a_secret_and_nothing_of_it(workspace: Workspace) -> None:
    loop, planner = _loop(workspace, _plan("vault.one"), allowed=ONE)
    pursuit = loop.pursue(workspace.request("Unlock", key=Secret("env:KEY")))
    assert pursuit.run.report.status is Status.DONE
    assert str(planner.tasks[0].goal.inputs["key"]) == "Secret"
    assert "env:KEY" not in repr(planner.tasks)


def test_what_was_not_allowed_is_not_given(workspace: Workspace) -> None:
    loop, _ = _loop(workspace, _plan("vault.two"), allowed=ONE)
    with pytest.raises(Refused) as refused:
        loop.pursue(workspace.request("Unlock", key=Secret("env:KEY")))
    assert refused.value.requires == Requires(secrets=("vault.two=env:KEY",))


@pytest.mark.parametrize("allowed", [ONE, ANY, Allowed(everything=True)])
def test_a_later_plan_gives_a_secret_to_no_other_function(workspace: Workspace, allowed: Allowed) -> None:
    loop, planner = _loop(workspace, _plan("vault.one", word="shut"), _plan("vault.two"), allowed=allowed)
    pursuit = loop.pursue(workspace.request("Unlock", key=Secret("env:KEY")))
    assert pursuit.ended == "the next plan would do more: secret:vault.two=env:KEY"
    assert len(pursuit.runs) == 1
    (failure,) = planner.tasks[1].attempts[0].failures
    assert failure.said == "[secret]"
    assert VALUE not in repr(planner.tasks)


@pytest.mark.parametrize(
    "proposal",
    [_plan("vault.one", "env:KEY"), _plan("vault.one", "file:/etc/shadow"), _plan("vault.one", default="env:OTHER")],
)  # fmt: skip
def test_no_planner_names_a_source(workspace: Workspace, proposal: Proposal) -> None:
    loop, _ = _loop(workspace, proposal, allowed=Allowed(everything=True))
    with pytest.raises(PlanRefused) as refused:
        loop.pursue(workspace.request("Unlock", key=Secret("env:KEY")))
    assert "no plan for it names one" in str(refused.value.problems[0])


def test_text_from_a_program_never_becomes_a_secret(workspace: Workspace) -> None:
    request = workspace.request("Unlock", word="cmd:touch /tmp/made", other="env:KEY", key=Secret("env:KEY"))
    assert {name: str(kind) for name, kind in request.goal.inputs.items()} == {
        "word": "str",
        "other": "str",
        "key": "Secret",
    }
    ready = workspace.call("vault.two")
    assert workspace.inputs(ready, key="env:KEY") == {"key": Secret("env:KEY")}  # where one is declared
    with pytest.raises(InputError, match="a secret is given by where it is kept"):
        workspace.inputs(ready, key=VALUE)


def test_a_secret_that_is_not_there_starts_nothing(workspace: Workspace) -> None:
    ready = workspace.call("vault.two")
    with pytest.raises(SecretUnreadable, match="the secret env:GONE can't be had: there is no variable GONE"):
        workspace.run(ready, {"key": Secret("env:GONE")}, allowed=Allowed(everything=True))
    assert not workspace.runs.exists()


def test_the_run_says_who_was_given_what(workspace: Workspace) -> None:
    run = workspace.run(workspace.call("vault.two"), {"key": Secret("env:KEY")}, allowed=ANY)
    record = json.loads((workspace.runs / run.id / "run.json").read_text())
    assert record["secrets"] == ["vault.two=env:KEY"]
    assert run.plan.requires == Requires(secrets=("vault.two=*",))


def test_a_run_is_gone_on_with_and_its_secret_read_again(workspace: Workspace) -> None:
    ready = workspace.call("vault.one")
    failed = workspace.run(ready, {"key": Secret("env:KEY"), "word": "shut"}, allowed=ANY)
    assert failed.report.status is Status.FAILED
    again = workspace.resume(failed.id)
    assert again.id == failed.id
    failure = again.report.steps[0].failures[0].failure
    assert failure is not None
    assert (failure.kind.value, failure.stdout) == ("exit", "[secret]")


def test_what_stands_in_a_command_is_not_kept(workspace: Workspace, home: Path) -> None:
    given: dict[str, Value] = {"key": Secret(f"cmd:echo {VALUE}"), "word": "shut"}
    allowed = Allowed(Requires(secrets=(f"vault.one=cmd:echo {VALUE}",)))
    failed = workspace.run(workspace.call("vault.one"), given, allowed=allowed)
    kept = [path for path in home.rglob("*") if path.is_file() and VALUE.encode() in path.read_bytes()]
    assert kept == []
    with pytest.raises(UsageError, match="the secret key of run .* was given by a command, which isn't kept"):
        workspace.resume(failed.id)


def test_another_value_is_told_without_its_fingerprint(workspace: Workspace) -> None:
    ready = workspace.call("vault.two")
    workspace.run(ready, {"key": Secret("env:KEY")}, allowed=ANY)
    (again,) = workspace.forecast(ready, {"key": Secret("env:KEY")})
    assert again.misses() == []
    (other,) = workspace.forecast(ready, {"key": Secret("cmd:echo another value")})
    (call,) = other.misses()
    assert call.miss is not None
    assert [difference.text for difference in call.miss.differences] == ["argument key: another secret"]
