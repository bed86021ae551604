"""What a plan does, whatever its steps are called and in whichever order they stand."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine.digest import Digest, JsonValue, digest_json
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.plan.model import Plan, Step


def same_work(plan: Plan, other: Plan) -> bool:
    """Whether two plans make the same calls and give the same values."""
    return plan_shape(plan) == plan_shape(other)


def plan_shape(plan: Plan) -> tuple[tuple[Digest, ...], tuple[Digest, ...]]:
    """The digests of the calls and of the outputs' values, sorted."""
    shapes = _Shapes({step.id: step for step in plan.steps})
    calls = sorted(shapes.step(step.id) for step in plan.steps)
    outputs = sorted(digest_json(shapes.value(value)) for value in plan.outputs.values())
    return tuple(calls), tuple(outputs)


class _Shapes:
    def __init__(self, steps: Mapping[str, Step]) -> None:
        self._steps = steps
        self._known: dict[str, Digest] = {}
        self._open: set[str] = set()

    def step(self, name: str) -> Digest:
        """The digest of a call, with what goes into it; a ring of steps is cut where it closes."""
        if name not in self._known:
            self._open.add(name)
            step = self._steps[name]
            given = {key: self.value(item) for key, item in step.with_.items()}
            each = {key: self.value(item) for key, item in step.each.items()}
            self._known[name] = digest_json({"call": step.call, "with": given, "each": each})
            self._open.remove(name)
        return self._known[name]

    def value(self, value: Expression) -> JsonValue:
        """The value as JSON, with steps by their digest."""
        match value:
            case Literal(data):
                return {"literal": data}
            case Reference():
                return {"from": self._source(value.name), "fields": value.fields, "as": str(value.narrowed)}
            case Items(items):
                return [self.value(item) for item in items]
            case Fields(fields):
                return {name: self.value(item) for name, item in fields}

    def _source(self, name: str) -> JsonValue:
        if name not in self._steps:
            return {"input": name}
        return "ring" if name in self._open else self.step(name)
