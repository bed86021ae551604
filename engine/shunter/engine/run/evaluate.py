"""The values behind a plan's expressions, once the steps that they refer to have run."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.run.content import check_content
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value
from shunter.engine.values.conform import conform
from shunter.engine.values.literal import literal_value


def evaluate(expression: Expression, values: Mapping[str, Value], store: ArtifactStore) -> Value:
    """The value of `expression`; raises Mismatch where a narrowed value isn't what the plan says."""
    match expression:
        case Literal(data):
            return literal_value(data)
        case Items(items):
            return tuple(evaluate(item, values, store) for item in items)
        case Fields(fields):
            return {name: evaluate(item, values, store) for name, item in fields}
        case Reference():
            return _dereference(expression, values, store)


def _dereference(reference: Reference, values: Mapping[str, Value], store: ArtifactStore) -> Value:
    value = values[reference.name]
    for name in reference.fields:
        value = _field(value, name)
    if reference.narrowed is None:
        return value
    narrowed = conform(value, reference.narrowed)
    check_content(narrowed, reference.narrowed, store)
    return narrowed


def _field(value: Value, name: str) -> Value:
    if isinstance(value, tuple):
        return tuple(_field(item, name) for item in value)
    return value.get(name) if isinstance(value, Mapping) else None
