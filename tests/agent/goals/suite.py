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
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Signatures
from shunter.evals.checks.graph import same_graph as compare
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

FOLDER = Path(__file__).parent


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
        return any(same_graph(plan, right) for right in self.plans)


def load_cases(name: str) -> tuple[GoalCase, ...]:
    """The cases of the set `name`: development or heldout."""
    data, _ = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(_case(written) for written in TypeAdapter(list[_WrittenCase]).validate_python(data))


def same_graph(plan: Plan, accepted: Plan) -> bool:
    """Whether both plans have the same steps, as evals compare them."""
    return compare(plan.steps, accepted.steps, bundled())


@cache
def bundled() -> Signatures:
    """The functions that come with shunter."""
    return Catalogue([modules_folder()])


class _WrittenGraph(BaseModel):
    model_config = ConfigDict(extra="forbid")

    steps: tuple[Step, ...]


class _WrittenCase(BaseModel):
    model_config = ConfigDict(extra="forbid")

    goal: str
    inputs: dict[str, str]
    plans: list[_WrittenGraph]
    bridges: tuple[str, ...] = ()


def _case(written: _WrittenCase) -> GoalCase:
    inputs = {name: Input(type=parse_type(kind)) for name, kind in written.inputs.items()}
    plans = tuple(Plan(version=1, goal=written.goal, inputs=inputs, steps=it.steps) for it in written.plans)
    return GoalCase(written.goal, inputs, plans, written.bridges)


def _sources(step: Step) -> set[str]:
    values = [*step.with_.values(), *step.each.values()]
    return {reference.name for value in values for reference in references(value)}
