"""The names that a plan's references can use, and the types behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Plan, Step
from shunter.engine.types import ListOf, Optional, Record, Type, fits


@dataclass
class Scope:
    """Types by the name of an input or a step; None where another problem keeps it from being told."""

    types: dict[str, Type | None] = field(default_factory=dict)
    consumers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def compatible(self, wanted: Type, *, step: str | None) -> tuple[str, ...]:
        """The names whose value fits `wanted` and doesn't depend on `step`, the latest first."""
        banned = self._downstream(step) if step else frozenset()
        found = [
            name
            for top, kind in self.types.items()
            if kind is not None and top not in banned
            for name, leaf in _with_fields(top, kind)
            if fits(leaf, wanted)
        ]
        return tuple(reversed(found))[:5]

    def _downstream(self, step: str) -> frozenset[str]:
        seen, todo = {step}, [step]
        while todo:
            for consumer in self.consumers.get(todo.pop(), ()):
                if consumer not in seen:
                    seen.add(consumer)
                    todo.append(consumer)
        return frozenset(seen)


def consumers_of(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """For each name, the steps that refer to it."""
    found: dict[str, set[str]] = {}
    for step in steps:
        for expression in [*step.with_.values(), *step.each.values()]:
            for reference in references(expression):
                found.setdefault(reference.name, set()).add(step.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def field_type(kind: Type, name: str) -> Type | None:
    """The type of field `name` of a record, through a list of records; None where there is none."""
    match kind:
        case Record():
            return kind.field(name)
        case ListOf(item):
            inner = field_type(item, name)
            return ListOf(inner) if inner is not None else None
        case Optional(inner_kind):
            inner = field_type(inner_kind, name)
            return Optional(inner) if inner is not None and not isinstance(inner, Optional) else inner
    return None


def field_names(kind: Type) -> tuple[str, ...]:
    """The fields that `field_type` knows of."""
    match kind:
        case Record(fields):
            return tuple(name for name, _ in fields)
        case ListOf(inner) | Optional(inner):
            return field_names(inner)
    return ()


def similar(name: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Names that `name` may have been meant to be, the closest first."""
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=most, cutoff=0.6)
    return tuple(by_lower[match] for match in close)


def cycles(plan: Plan) -> Sequence[tuple[str, ...]]:
    """The rings of steps that wait for each other, each as a way that ends where it begins."""
    ids = {step.id for step in plan.steps}
    needs = {
        step.id: sorted(
            {ref.name for item in (*step.with_.values(), *step.each.values()) for ref in references(item)}
            & ids
        )
        for step in plan.steps
    }
    done: set[str] = set()
    return [ring for step in plan.steps for ring in _rings(step.id, needs, done)]


def _rings(start: str, needs: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[tuple[str, ...]]:
    """A depth-first walk with its own stack, so that a chain of thousands of steps is no problem."""
    path: dict[str, None] = {}
    stack: list[Iterator[str]] = [iter([start])]
    while stack:
        name = next(stack[-1], None)
        if name is None:
            stack.pop()
            if path:
                done.add(path.popitem()[0])
        elif name in path:
            way = list(path)
            yield (*way[way.index(name) :], name)
        elif name not in done:
            path[name] = None
            stack.append(iter(needs[name]))


def _with_fields(name: str, kind: Type) -> Iterator[tuple[str, Type]]:
    yield name, kind
    for part in field_names(kind):
        inner = field_type(kind, part)
        if inner is not None:
            yield f"{name}.{part}", inner
