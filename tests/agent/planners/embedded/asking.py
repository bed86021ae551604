"""Goals, asked of the embedded planner with the bundled functions."""

from __future__ import annotations

from collections.abc import Mapping

from tests.agent.goals.suite import bundled

from shunter.agent.planners.embedded.planner import EmbeddedPlanner
from shunter.agent.planners.protocol import Answer, Attempt, Proposal, Question, Task
from shunter.engine.plan.expression import write_expression
from shunter.engine.plan.model import Plan
from shunter.engine.types import Type, parse_type
from shunter.instructions.goal import Goal

Given = dict[str, str]
"""Short names of types by the names of inputs."""

PLANNER = EmbeddedPlanner()
KINDS = {
    "wav": "File[audio/wav]", "mp3": "File[audio/mpeg]", "mp4": "File[video/mp4]", "csv": "File[text/csv]",
    "json": "File[application/json]", "txt": "File[text/plain]", "md": "File[text/markdown]", "gpt": "File[text/x-gptscript]",
    "png": "File[image/png]", "image": "File[application/x-tar]", "zip": "File[application/zip]", "folder": "Directory", "file": "File", "secret": "Secret", "str": "str",
}  # fmt: skip
"""Short names of types."""


def kinds(given: Mapping[str, str]) -> dict[str, Type]:
    """Types by their short names; `csv*` is a list of tables."""
    return {
        name: parse_type(f"list[{KINDS[kind[:-1]]}]" if kind.endswith("*") else KINDS[kind])
        for name, kind in given.items()
    }


def task(goal: str, /, *attempts: Attempt, **given: str) -> Task:
    """A goal with its inputs, each with the short name of its type."""
    return Task(Goal(goal, kinds(given)), dict(bundled()), attempts)


def ask(goal: str, /, *attempts: Attempt, **given: str) -> Answer:
    """What the planner answers."""
    return PLANNER.plan(task(goal, *attempts, **given))


def plan_of(answer: Answer) -> Plan:
    """The plan that is taken where nobody can be asked."""
    if isinstance(answer, Question):
        answer = answer.choices[0].proposal
    assert isinstance(answer, Proposal), answer
    return answer.plan


def calls(goal: str, /, **given: str) -> list[str]:
    """The functions that the plan for a goal calls."""
    return [step.call for step in plan_of(ask(goal, **given)).steps]


def literals(goal: str, /, **given: str) -> list[dict[str, object]]:
    """The literals of each step, as they are written."""
    steps = plan_of(ask(goal, **given)).steps
    written = [{name: write_expression(value) for name, value in step.with_.items()} for step in steps]
    return [{name: value for name, value in one.items() if "from" not in str(value)} for one in written]


def arguments(goal: str, /, **given: str) -> dict[str, object]:
    """The literals of the last step."""
    return literals(goal, **given)[-1]
