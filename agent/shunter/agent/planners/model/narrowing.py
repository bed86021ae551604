"""Narrowing, written out: where a value may fit, `as` makes that a check before the step starts."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.plan.expression import Expression, Items, Reference
from shunter.engine.plan.model import Plan, Step
from shunter.engine.plan.scope import field_type
from shunter.engine.types import ListOf, Optional, Type, fits, narrows
from shunter.engine.types.signature import Signatures


def narrowed(plan: Plan, functions: Signatures) -> Plan:
    """`plan` with `as` at each reference whose type is wider than what its parameter takes."""
    types: dict[str, Type] = {name: given.type for name, given in plan.inputs.items()}
    for step in plan.steps:
        signature = functions.get(step.call)
        if signature is not None:
            types[step.id] = ListOf(signature.returns) if step.each else signature.returns
    return plan.model_copy(update={"steps": tuple(_step(step, functions, types) for step in plan.steps)})


def _step(step: Step, functions: Signatures, types: Mapping[str, Type]) -> Step:
    signature = functions.get(step.call)
    if signature is None:
        return step
    wanted = {parameter.name: parameter.type for parameter in signature.parameters}
    with_ = {name: _value(item, wanted.get(name), types) for name, item in step.with_.items()}
    each = {
        name: _value(item, ListOf(wanted[name]) if name in wanted else None, types)
        for name, item in step.each.items()
    }
    return step.model_copy(update={"with_": with_, "each": each})


def _value(value: Expression, wanted: Type | None, types: Mapping[str, Type]) -> Expression:
    bare = wanted.inner if isinstance(wanted, Optional) else wanted
    match value:
        case Reference(narrowed=None) if bare is not None:
            given = _type_of(value, types)
            if given is not None and not fits(given, bare) and narrows(given, bare):
                return Reference(value.name, value.fields, bare)
        case Items(items) if isinstance(bare, ListOf):
            return Items(tuple(_value(item, bare.item, types) for item in items))
    return value


def _type_of(reference: Reference, types: Mapping[str, Type]) -> Type | None:
    kind = types.get(reference.name)
    for name in reference.fields:
        kind = field_type(kind, name) if kind is not None else None
    return kind
