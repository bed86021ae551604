"""The goals that planners are measured with, and when a plan is one of the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Input, Plan, Step
from shunter.engine.plan.yaml_data import read_yaml
from shunter.engine.types.signature import Signatures
from shunter.evals.bundled import FOLDER as SUITES
from shunter.evals.case.suite import load_suite
from shunter.evals.case.wanted import Graph
from shunter.evals.case.written import WrittenCase
from shunter.evals.checks.graph import accepted
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

FOLDER = Path(__file__).parent
DEVELOPMENT = SUITES / "basics" / "goals.yaml"


@dataclass(frozen=True)
class GoalCase:
    """What a person typed, what they gave with it, and every plan that is right."""

    goal: str
    inputs: Mapping[str, Input]
    plans: tuple[Plan, ...]
    bridges: tuple[str, ...] = ()
    """Calls that the words don't ask for: the types make them necessary."""

    @property
    def clauses(self) -> int:
        """How many things the words ask for."""
        return len(self.plans[0].steps) - len(self.bridges)

    @property
    def fans_out(self) -> bool:
        """Whether a step is done for every element of a list."""
        return any(step.each for step in self.plans[0].steps)

    @property
    def joins(self) -> bool:
        """Whether two inputs or branches meet in a step."""
        return any(len(_sources(step)) > 1 for step in self.plans[0].steps)

    def accepts(self, plan: Plan) -> bool:
        """Whether `plan` has the steps of one of the right plans."""
        return accepted(plan.steps, [Graph(steps=right.steps) for right in self.plans], bundled())


def load_cases(name: str) -> tuple[GoalCase, ...]:
    """The cases of the set `name`: development, which is part of the suite `basics`, or a file's of this folder."""
    if name == "development":
        return tuple(_case(case.written) for case in load_suite(DEVELOPMENT).cases)
    data, _ = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    kept_out = TypeAdapter(list[_KeptOut]).validate_python(data)
    return tuple(_case(goal.written(f"{name}-{number}")) for number, goal in enumerate(kept_out, 1))


def same_graph(plan: Plan, other: Plan) -> bool:
    """Whether both plans have the same steps, as evals compare them."""
    return accepted(plan.steps, [Graph(steps=other.steps)], bundled())


@cache
def bundled() -> Signatures:
    """The functions that come with shunter."""
    return Catalogue([modules_folder()])


class _KeptOut(BaseModel):
    """A goal that is kept out of the suites, in a form of its own. An error doesn't show what is in it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    goal: str
    inputs: dict[str, str]
    plans: list[Graph]
    bridges: tuple[str, ...] = ()

    def written(self, case_id: str) -> WrittenCase:
        """As a case of a suite, called `case_id`."""
        plan = {"accepts": self.plans, "bridges": self.bridges}
        inputs = {name: {"type": kind} for name, kind in self.inputs.items()}
        return WrittenCase.model_validate(
            {"id": case_id, "goal": self.goal, "inputs": inputs, "expect": {"plan": plan}}
        )


def _case(written: WrittenCase) -> GoalCase:
    wanted, goal = written.expect.plan, str(written.goal)
    inputs = {name: Input(type=given.type) for name, given in written.inputs.items() if given.type}
    plans = tuple(Plan(version=1, goal=goal, inputs=inputs, steps=it.steps) for it in wanted.accepts)
    return GoalCase(goal, inputs, plans, wanted.bridges)


def _sources(step: Step) -> set[str]:
    values = [*step.with_.values(), *step.each.values()]
    return {reference.name for value in values for reference in references(value)}
