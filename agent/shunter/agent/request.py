"""A goal with the values that were given along with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Problem
from shunter.engine.types import fits
from shunter.engine.values import Value
from shunter.instructions.goal import Goal
from shunter.instructions.offers import Offer


@dataclass(frozen=True, slots=True)
class Request:
    """A goal, and a value for each of its inputs."""

    goal: Goal
    values: Mapping[str, Value]

    def values_for(self, plan: Plan) -> dict[str, Value]:
        """The values of the inputs that `plan` has."""
        return {name: self.values[name] for name in plan.inputs if name in self.values}


def request_of(goal: Goal | str, offers: Mapping[str, Offer]) -> Request:
    """A goal with what is offered along with it."""
    kinds = {name: offer.type for name, offer in offers.items()}
    known = Goal(goal, kinds) if isinstance(goal, str) else replace(goal, inputs=kinds)
    return Request(known, {name: offer.value for name, offer in offers.items()})


def input_problems(plan: Plan, goal: Goal) -> tuple[Problem, ...]:
    """The inputs of `plan` that the goal has no value for, or one of another type."""
    return tuple(_problems(plan, goal))


def output_problems(plan: Plan, goal: Goal) -> tuple[Problem, ...]:
    """The outputs that the goal wants and `plan` doesn't have."""
    return tuple(
        Problem(
            Code.STRUCTURE, f"outputs.{name}", "the goal wants this output", candidates=tuple(plan.outputs)
        )
        for name in goal.outputs
        if name not in plan.outputs
    )


def call_problems(plan: Plan, goal: Goal) -> tuple[Problem, ...]:
    """The calls in `plan` that the goal doesn't allow."""
    candidates = tuple(sorted(goal.functions or ()))[:5]
    found = []
    for step in plan.steps:
        if not goal.allows(step.call):
            message = f"the goal doesn't allow {step.call}"
            where = f"steps.{step.id}.call"
            found.append(Problem(Code.UNKNOWN_FUNCTION, where, message, candidates=candidates))
        if step.each and step.call in goal.single:
            message = (
                f"{step.call} can't be called for each element: each call changes what the next one gets"
            )
            found.append(Problem(Code.EACH, f"steps.{step.id}.each", message))
    return tuple(found)


def _problems(plan: Plan, goal: Goal) -> list[Problem]:
    found = []
    for name, declared in plan.inputs.items():
        where, given = f"inputs.{name}", goal.inputs.get(name)
        if given is None and "default" not in declared.model_fields_set:
            message, known = "no such input was given", tuple(goal.inputs)
            found.append(Problem(Code.UNKNOWN_REFERENCE, where, message, candidates=known))
        elif given is not None and not fits(given, declared.type):
            message = "what was given doesn't fit"
            found.append(Problem(Code.TYPE, where, message, expected=str(declared.type), got=str(given)))
    return found
