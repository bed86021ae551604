"""Planners that are broken on purpose, to see whether checks and the gate notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum

from shunter.agent.planners.protocol import Answer, Missing, Planner, Proposal, Question, Task
from shunter.engine.digest import JsonValue
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.expression import Expression, Literal, Reference, references
from shunter.engine.plan.model import Plan, Step
from shunter.engine.types.signature import Signatures


class Fault(Enum):
    """What is wrong with the planner."""

    DROP_LAST = "drop-last"  # the last step is left out
    WRONG_FUNCTION = "wrong-function"  # one step calls another function of the same types
    WRONG_LITERAL = "wrong-literal"  # a text or number isn't what the goal says


class FaultyPlanner:
    """Spoils every plan of another planner in one way, so that it still passes the checker.

    A plan that can't be spoiled that way stays as it is. `name` stays the other planner's.
    """

    def __init__(self, planner: Planner, fault: Fault) -> None:
        self.name = planner.name
        self._planner = planner
        self._fault = fault

    def plan(self, task: Task) -> Answer:
        """The other planner's answer, spoiled."""
        answer = self._planner.plan(task)
        self.name = self._planner.name
        match answer:
            case Proposal():
                return self._spoiled(answer, task.functions)
            case Question(choices=choices):
                spoiled = [
                    replace(choice, proposal=self._spoiled(choice.proposal, task.functions))
                    for choice in choices
                ]
                return replace(answer, choices=tuple(spoiled))
            case Missing():
                return answer

    def _spoiled(self, proposal: Proposal, functions: Signatures) -> Proposal:
        for plan in _SPOIL[self._fault](proposal.plan, functions):
            if _passes(plan, functions):
                return replace(proposal, plan=plan, reasons=(), others=())
        return proposal


def _passes(plan: Plan, functions: Signatures) -> bool:
    try:
        check_plan(plan, functions)
    except PlanRefused:
        return False
    return True


def _without_last(plan: Plan, functions: Signatures) -> list[Plan]:
    """Without its last step; what went into it comes out instead."""
    if len(plan.steps) < 2:
        return []
    last = plan.steps[-1]
    outputs = {name: it for name, it in plan.outputs.items() if not _mentions(it, last.id)}
    written = [*last.each.values(), *last.with_.values()]
    before = [it.name for value in written for it in references(value) if it.name not in plan.inputs]
    outputs |= {name: Reference(name) for name in before}
    return [_changed(plan, plan.steps[:-1], outputs)]


def _with_another_function(plan: Plan, functions: Signatures) -> list[Plan]:
    """Each way to call, in one step, another function that takes what the step gives it; last steps first."""
    found = []
    for index in range(len(plan.steps) - 1, -1, -1):
        step = plan.steps[index]
        for name in sorted(functions):
            if name != step.call:
                renamed = _renamed(step, functions, name)
                steps = [*plan.steps[:index], renamed, *plan.steps[index + 1 :]]
                found.append(_changed(plan, tuple(steps), dict(plan.outputs)))
    return found


def _renamed(step: Step, functions: Signatures, name: str) -> Step:
    """The step with another function: references go to its parameters in order, literals are left out."""
    wanted = [parameter.name for parameter in functions[name].parameters]
    with_ = {key: value for key, value in step.with_.items() if not isinstance(value, Literal)}
    names = dict(zip([*step.each, *with_], wanted, strict=False))
    return Step.model_validate(
        {
            "id": step.id,
            "call": name,
            "each": {names.get(key, key): value for key, value in step.each.items()},
            "with": {names.get(key, key): value for key, value in with_.items()},
        }
    )


def _with_another_literal(plan: Plan, functions: Signatures) -> list[Plan]:
    """Each way to change one literal; last steps first."""
    found = []
    for index in range(len(plan.steps) - 1, -1, -1):
        step = plan.steps[index]
        for name, value in step.with_.items():
            if isinstance(value, Literal):
                changed = step.model_copy(
                    update={"with_": {**step.with_, name: Literal(_other(value.value))}}
                )
                steps = (*plan.steps[:index], changed, *plan.steps[index + 1 :])
                found.append(_changed(plan, steps, dict(plan.outputs)))
    return found


def _other(data: JsonValue) -> JsonValue:
    match data:
        case bool():
            return not data
        case int() | float():
            return data + 1
        case str():
            return f"{data} x"
    return data


def _mentions(expression: Expression, name: str) -> bool:
    return any(reference.name == name for reference in references(expression))


def _changed(plan: Plan, steps: tuple[Step, ...], outputs: Mapping[str, Expression]) -> Plan:
    used = {it.name for step in steps for value in _values(step) for it in references(value)}
    inputs = {name: declared for name, declared in plan.inputs.items() if name in used}
    return plan.model_copy(update={"steps": steps, "outputs": outputs, "inputs": inputs})


def _values(step: Step) -> list[Expression]:
    return [*step.with_.values(), *step.each.values()]


_SPOIL: Mapping[Fault, Callable[[Plan, Signatures], list[Plan]]] = {
    Fault.DROP_LAST: _without_last,
    Fault.WRONG_FUNCTION: _with_another_function,
    Fault.WRONG_LITERAL: _with_another_literal,
}
