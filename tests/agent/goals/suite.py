"""The goals that planners are measured with, and when a plan is one of the right ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shunter.engine.digest import JsonValue
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference, references
from shunter.engine.plan.model import Input, Plan, Step
from shunter.engine.plan.yaml_data import read_yaml
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Signature, Signatures
from shunter.engine.values import encode
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

FOLDER = Path(__file__).parent
END_PUNCTUATION = ".,;:!?"


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
    """Whether both plans have the same steps.

    Ids, order and outputs don't matter, nor whether a default is written out, nor how a text literal
    begins, ends and is capitalised. Neither does `as`: what a step wants of a value is in its signature.
    """
    return _shapes(plan) == _shapes(accepted)


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


def _shapes(plan: Plan) -> Counter[Hashable]:
    steps = {step.id: step for step in plan.steps}
    return Counter(_step(step, steps, ()) for step in plan.steps)


def _step(step: Step, steps: Mapping[str, Step], users: tuple[str, ...]) -> Hashable:
    """What `step` computes, however it's called; `users` are the steps that led here."""
    if step.id in users:  # a cycle, which is no plan's right shape
        return ("cycle", step.id)
    users = (*users, step.id)
    signature = bundled().get(step.call)
    given = {
        name: _value(value, steps, users)
        for name, value in step.with_.items()
        if not _is_default(name, value, signature)
    }
    each = {name: _value(value, steps, users) for name, value in step.each.items()}
    return (step.call, frozenset(given.items()), frozenset(each.items()))


def _is_default(name: str, value: Expression, signature: Signature | None) -> bool:
    parameter = signature.parameter(name) if signature else None
    if parameter is None or parameter.required or not isinstance(value, Literal):
        return False
    return _literal(value.value) == _literal(encode(parameter.fallback))


def _value(value: Expression, steps: Mapping[str, Step], users: tuple[str, ...]) -> Hashable:
    match value:
        case Literal(data):
            return _literal(data)
        case Items(items):
            return ("list", tuple(_value(item, steps, users) for item in items))
        case Fields(fields):
            return ("record", frozenset((name, _value(item, steps, users)) for name, item in fields))
        case Reference(name, path, _):
            source = _step(steps[name], steps, users) if name in steps else ("input", name)
            return ("from", source, path)


def _literal(data: JsonValue) -> Hashable:
    match data:
        case bool():
            return ("bool", data)
        case int() | float():
            return ("number", data)
        case str():
            return ("text", data.strip().rstrip(END_PUNCTUATION).rstrip().casefold())
        case list() | tuple():
            return ("list", tuple(_literal(item) for item in data))
        case Mapping():
            return ("record", frozenset((name, _literal(item)) for name, item in data.items()))
        case _:
            return None
