"""A step's calls: one, or one for each element of the lists that it maps over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action
from shunter.engine.plan.checked import CheckedStep
from shunter.engine.run.evaluate import evaluate
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types.signature import Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch, conform


class Lowering(Protocol):
    """Turns a function call into an action; whoever knows modules provides it."""

    def __call__(self, signature: Signature, arguments: Mapping[str, Value]) -> Action:
        """The action for a call with all `arguments`, which are of the parameters' types."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is ready: `index` is the element's in a mapped step, else None."""

    step: str
    index: int | None
    action: Action


def calls_of(
    step: CheckedStep, values: Mapping[str, Value], store: ArtifactStore, lowering: Lowering
) -> list[Call] | Failure:
    """The calls that `step` makes with the values of its sources, or why it can't make them."""
    try:
        arguments = _arguments(step, values, store)
        if not step.each:
            return [Call(step.id, None, _action(step, arguments, lowering))]
        return _mapped(step, arguments, _elements(step, values, store), lowering)
    except Mismatch as mismatch:
        return Failure(
            FailureKind.ARGUMENT, f"an argument of {step.signature.name} isn't what the plan says: {mismatch}"
        )


def _mapped(
    step: CheckedStep,
    arguments: Mapping[str, Value],
    elements: Mapping[str, tuple[Value, ...]],
    lowering: Lowering,
) -> list[Call] | Failure:
    lengths = {name: len(items) for name, items in elements.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        return Failure(
            FailureKind.ARGUMENT,
            f"`each` goes through its lists together, and they differ in length: {shown}",
        )
    rows = [dict(zip(elements, row, strict=True)) for row in zip(*elements.values(), strict=True)]
    return [
        Call(step.id, index, _action(step, {**arguments, **row}, lowering)) for index, row in enumerate(rows)
    ]


def _action(step: CheckedStep, arguments: Mapping[str, Value], lowering: Lowering) -> Action:
    action = lowering(step.signature, arguments)
    if step.limits is None:
        return action
    own, given = action.limits, step.limits
    limits = replace(
        own,
        seconds=given.timeout or own.seconds,
        memory=given.memory or own.memory,
        disk=given.disk or own.disk,
    )
    return replace(action, limits=limits)


def _arguments(step: CheckedStep, values: Mapping[str, Value], store: ArtifactStore) -> dict[str, Value]:
    """Every parameter that isn't mapped, with its value or its fallback, in the signature's order."""
    arguments: dict[str, Value] = {}
    for parameter in step.signature.parameters:
        if parameter.name in step.arguments:
            value = evaluate(step.arguments[parameter.name], values, store)
            arguments[parameter.name] = conform(value, parameter.type, parameter.name)
        elif parameter.name not in step.each:
            arguments[parameter.name] = parameter.fallback
    return arguments


def _elements(
    step: CheckedStep, values: Mapping[str, Value], store: ArtifactStore
) -> dict[str, tuple[Value, ...]]:
    elements: dict[str, tuple[Value, ...]] = {}
    for name, expression in step.each.items():
        parameter = step.signature.parameter(name)
        listed = evaluate(expression, values, store)
        assert parameter is not None
        assert isinstance(listed, tuple)
        elements[name] = tuple(
            conform(item, parameter.type, f"{name}[{index}]") for index, item in enumerate(listed)
        )
    return elements
