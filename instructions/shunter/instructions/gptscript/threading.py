"""The workspace through a plan: a shared folder becomes a value that goes from step to step.

A planner sees the functions without it: `plain` is how they look then, and `threaded` puts it into the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference, references
from shunter.engine.plan.model import Input, Plan, Step
from shunter.engine.types import Directory, Record
from shunter.engine.types.signature import Signature
from shunter.tools.modules.function import OUTPUT, WORKSPACE, Access


def plain(signature: Signature) -> Signature:
    """The function as it looks without the workspace."""
    parameters = tuple(item for item in signature.parameters if item.name != WORKSPACE)
    returns = signature.returns
    if isinstance(returns, Record):
        returns = returns.field(OUTPUT) or returns
    return replace(signature, parameters=parameters, returns=returns)


def threaded(plan: Plan, access: Mapping[str, Access], *, given: bool) -> Plan:
    """`plan` with the workspace in it, from step to step in the order in which they can run.

    It begins as the input `workspace` where one is `given`, and ends as an output where a step writes in it.
    """
    written = {step.id for step in plan.steps if access.get(step.call) is Access.WRITE}
    current: Reference | None = Reference(WORKSPACE) if given else None
    steps: list[Step] = []
    for step in _in_order(plan):
        values = {name: _reading(value, written) for name, value in step.with_.items()}
        each = {name: _reading(value, written) for name, value in step.each.items()}
        if step.call in access and current is not None:
            values[WORKSPACE] = current
        if access.get(step.call) is Access.WRITE:
            current = Reference(step.id, (WORKSPACE,))
        steps.append(step.model_copy(update={"with_": values, "each": each}))
    outputs = {name: _reading(value, written) for name, value in plan.outputs.items()}
    if written and current is not None:
        outputs.setdefault(WORKSPACE, current)
    inputs = dict(plan.inputs)
    if given and any(step.call in access for step in steps):
        inputs[WORKSPACE] = Input(type=Directory())
    return plan.model_copy(update={"inputs": inputs, "steps": tuple(steps), "outputs": outputs})


def _reading(value: Expression, written: set[str]) -> Expression:
    """A reference to what a step returned, where that step returns its workspace as well."""
    match value:
        case Reference(name, fields, narrowed) if name in written:
            return Reference(name, (OUTPUT, *fields), narrowed)
        case Items(items):
            return Items(tuple(_reading(item, written) for item in items))
        case Fields(fields):
            return Fields(tuple((name, _reading(item, written)) for name, item in fields))
        case Reference() | Literal():
            return value


def _in_order(plan: Plan) -> Iterator[Step]:
    """The steps, each after those that it refers to, otherwise as written; those of a ring come last."""
    ids = {step.id for step in plan.steps}
    waiting = list(plan.steps)
    done: set[str] = set()
    while waiting:
        step = next((step for step in waiting if not (_sources(step) & ids) - done), waiting[0])
        waiting.remove(step)
        done.add(step.id)
        yield step


def _sources(step: Step) -> set[str]:
    values = [*step.with_.values(), *step.each.values()]
    return {reference.name for value in values for reference in references(value)}
