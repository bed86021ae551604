"""When two plans are the same graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from shunter.engine.digest import JsonValue
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.plan.model import Step
from shunter.engine.types.signature import Signature, Signatures
from shunter.engine.values import encode
from shunter.evals.case.wanted import Graph

_END_PUNCTUATION = ".,;:!?"


def same_graph(steps: tuple[Step, ...], accepted: tuple[Step, ...], signatures: Signatures) -> bool:
    """Whether both have the same steps.

    Ids and order don't matter, nor whether a default is written out, nor how a text literal begins, ends
    and is capitalised. Neither does `as`: what a step wants of a value is in its signature.
    """
    return _Shapes(steps, signatures).all() == _Shapes(accepted, signatures).all()


def accepted(steps: tuple[Step, ...], graphs: Iterable[Graph], signatures: Signatures) -> bool:
    """Whether `steps` are those of one of `graphs`."""
    return any(same_graph(steps, graph.steps, signatures) for graph in graphs)


class _Shapes:
    """What steps compute, however they are called."""

    def __init__(self, steps: tuple[Step, ...], signatures: Signatures) -> None:
        self._steps = {step.id: step for step in steps}
        self._signatures = signatures

    def all(self) -> Counter[Hashable]:
        return Counter(self._step(step, ()) for step in self._steps.values())

    def _step(self, step: Step, users: tuple[str, ...]) -> Hashable:
        """`users` are the steps that led here."""
        if step.id in users:  # a cycle, which is no plan's right shape
            return ("cycle", step.id)
        users = (*users, step.id)
        signature = self._signatures.get(step.call)
        given = {
            name: self._value(value, users)
            for name, value in step.with_.items()
            if not _is_default(name, value, signature)
        }
        each = {name: self._value(value, users) for name, value in step.each.items()}
        return (step.call, frozenset(given.items()), frozenset(each.items()))

    def _value(self, value: Expression, users: tuple[str, ...]) -> Hashable:
        match value:
            case Literal(data):
                return _literal(data)
            case Items(items):
                return ("list", tuple(self._value(item, users) for item in items))
            case Fields(fields):
                return ("record", frozenset((name, self._value(item, users)) for name, item in fields))
            case Reference(name, path, _):
                source = self._steps.get(name)
                return ("from", ("input", name) if source is None else self._step(source, users), path)


def _is_default(name: str, value: Expression, signature: Signature | None) -> bool:
    parameter = signature.parameter(name) if signature else None
    if parameter is None or parameter.required or not isinstance(value, Literal):
        return False
    return _literal(value.value) == _literal(encode(parameter.fallback))


def _literal(data: JsonValue) -> Hashable:
    match data:
        case bool():
            return ("bool", data)
        case int() | float():
            return ("number", data)
        case str():
            return ("text", data.strip().rstrip(_END_PUNCTUATION).rstrip().casefold())
        case list() | tuple():
            return ("list", tuple(_literal(item) for item in data))
        case Mapping():
            return ("record", frozenset((name, _literal(item)) for name, item in data.items()))
        case _:
            return None
