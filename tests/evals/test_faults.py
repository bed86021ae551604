"""Planners that are broken on purpose: their plans pass the checker, and the gate catches them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.evals.conftest import Evaluate

from shunter.agent.planners.protocol import Choice, Missing, Proposal, Question, Task
from shunter.agent.planners.scripted import ScriptedPlanner
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.read import read_plan
from shunter.engine.plan.write import plan_data
from shunter.evals.faults import Fault, FaultyPlanner
from shunter.evals.report.baseline import baseline_of
from shunter.evals.report.gate import compare
from shunter.instructions.goal import Goal
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

PLAN = read_plan("""
version: 1
inputs: {logs: {type: "list[File[text/plain]]"}}
steps:
  - {id: kept, call: text.head, each: {file: {from: logs}}, with: {lines: 3}}
  - {id: all, call: text.concatenate, with: {files: {from: kept}}}
outputs: {it: {from: all}}
""")[0]
TOYS = read_plan("""
version: 1
steps:
  - {id: loud, call: toy.shout, with: {text: hi}}
  - {id: joined, call: toy.join, with: {texts: [{from: loud}, ho]}}
outputs: {it: {from: joined}}
""")[0]
SUITE = "cases: [{id: one, goal: g, expect: {results: [{output: it, text: {equals: 'HI,ho'}}]}}]"
ASSEMBLED = """
cases:
  - id: one
    goal: g
    inputs: {unseen: {type: "File[audio/*]"}}
    expect:
      plan:
        accepts:
          - steps:
              - {id: loud, call: toy.shout, with: {text: hi}}
              - {id: joined, call: toy.join, with: {texts: [{from: loud}, ho]}}
"""


def _spoiled(fault: Fault) -> list[str]:
    functions = Catalogue([modules_folder()])
    answer = FaultyPlanner(ScriptedPlanner([Proposal(PLAN)]), fault).plan(Task(Goal("g"), functions))
    assert isinstance(answer, Proposal)
    check_plan(answer.plan, functions)
    assert plan_data(answer.plan) != plan_data(PLAN)
    return [f"{step.call}{[*step.each, *step.with_]}" for step in answer.plan.steps]


def test_the_last_step_is_dropped() -> None:
    assert _spoiled(Fault.DROP_LAST) == ["text.head['file', 'lines']"]


def test_a_function_is_taken_for_another_one_of_its_types() -> None:
    first, second = _spoiled(Fault.WRONG_FUNCTION)
    assert first == "text.head['file', 'lines']"
    assert not second.startswith("text.concatenate")


def test_a_literal_is_changed() -> None:
    assert _spoiled(Fault.WRONG_LITERAL) == ["text.head['file', 'lines']", "text.concatenate['files']"]


def test_every_choice_of_a_question_is_spoiled() -> None:
    functions = Catalogue([modules_folder()])
    question = Question("Which?", (Choice("one", Proposal(PLAN)), Choice("other", Proposal(PLAN))))
    answer = FaultyPlanner(ScriptedPlanner([question]), Fault.DROP_LAST).plan(Task(Goal("g"), functions))
    assert isinstance(answer, Question)
    assert [(it.text, [step.id for step in it.proposal.plan.steps]) for it in answer.choices] == [
        ("one", ["kept"]),
        ("other", ["kept"]),
    ]


def test_what_is_no_plan_or_cannot_be_spoiled_stays() -> None:
    task = Task(Goal("g"), Catalogue([modules_folder()]))
    missing = Missing("nothing")
    single = Proposal(read_plan("version: 1\nsteps: [{id: a, call: text.count}]\n")[0])
    for answer in (missing, single):
        planner = FaultyPlanner(ScriptedPlanner([answer]), Fault.DROP_LAST)
        assert planner.plan(task) is answer
        assert planner.name == "scripted"


@pytest.mark.parametrize("suite", [SUITE, ASSEMBLED], ids=["run", "only assembled"])
@pytest.mark.parametrize("fault", Fault)
def test_the_gate_catches_a_planner_that_was_broken_on_purpose(
    evaluate: Evaluate, tmp_path: Path, fault: Fault, suite: str
) -> None:
    planner = ScriptedPlanner([Proposal(TOYS)])
    good = evaluate(suite, planner)
    baseline = baseline_of(good, {})
    assert compare(good.records, baseline).passed
    assert [case.success for case in baseline.cases.values()] == [1]
    (tmp_path / "results.jsonl").unlink()
    spoiled = evaluate(suite, FaultyPlanner(ScriptedPlanner([Proposal(TOYS)]), fault))
    assert [record.valid for record in spoiled.records] == [True]
    assert [worse.case for worse in compare(spoiled.records, baseline).worse] == ["small/one"]
