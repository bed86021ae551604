"""A second planner for what the first one can't do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.fallback import FallbackPlanner
from shunter.agent.planners.protocol import Answer, Missing, Proposal, Question, Task, Usage
from shunter.agent.planners.scripted import ScriptedPlanner
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Problem
from shunter.instructions.goal import Goal

TASK = Task(Goal("Do it"), {})
PLAN = Plan.model_validate({"version": 1, "steps": []})


def _unreachable(task: Task) -> Answer:
    raise PlannerUnavailable("the endpoint is down")


def _second(*lines: Answer) -> ScriptedPlanner:
    planner = ScriptedPlanner(lines)
    planner.name = "second"
    return planner


REFUSED = Missing("nothing fits", refused=(Problem(Code.TYPE, "steps.a", "it doesn't fit"),))


@pytest.mark.parametrize("answer", [Proposal(PLAN), Question("Which?", ()), Missing("no such function")])
def test_what_the_first_one_answers_stands(answer: Answer) -> None:
    second = _second(Missing("no"))
    planner = FallbackPlanner(ScriptedPlanner([answer]), second)
    assert (planner.plan(TASK), planner.name, second.tasks) == (answer, "scripted", [])


@pytest.mark.parametrize(
    ("first", "why"), [(_unreachable, "the endpoint is down"), (REFUSED, "nothing fits")]
)
def test_the_second_one_steps_in_and_says_so(first: Answer, why: str) -> None:
    planner = FallbackPlanner(ScriptedPlanner([first]), _second(Proposal(PLAN, notes=("a note",))))
    answer = planner.plan(TASK)
    assert isinstance(answer, Proposal)
    note = f"planned by the second planner instead (scripted planner: {why})"
    assert (answer.notes, planner.name) == ((note, "a note"), "second")


def test_what_the_first_one_cost_is_in_the_answer_of_the_second() -> None:
    first = replace(REFUSED, usage=Usage(3, 900))
    answer = FallbackPlanner(ScriptedPlanner([first]), _second(Proposal(PLAN))).plan(TASK)
    assert isinstance(answer, Proposal)
    assert answer.usage == Usage(3, 900)


def test_where_neither_has_a_plan_the_first_one_says_what_is_missing() -> None:
    planner = FallbackPlanner(ScriptedPlanner([REFUSED]), _second(Missing("the second says")))
    assert (planner.plan(TASK), planner.name) == (REFUSED, "scripted")
    planner = FallbackPlanner(ScriptedPlanner([_unreachable]), _second(Missing("the second says")))
    with pytest.raises(PlannerUnavailable, match="the endpoint is down"):
        planner.plan(TASK)
