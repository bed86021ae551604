"""Names for people: a step is called after its function, an output after what it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.plan.model import Plan, Step


def step_titles(plan: Plan) -> dict[str, str]:
    """A new id for each step: its function's own name, numbered from the second on."""
    taken = set(plan.inputs)
    titles: dict[str, str] = {}
    for step in plan.steps:
        titles[step.id] = name = _free(step.call.rpartition(".")[2][:48] or "step", taken)
        taken.add(name)
    return titles


def renamed(plan: Plan, titles: Mapping[str, str]) -> Plan:
    """`plan` with other ids."""
    steps = [_renamed_step(step, titles) for step in plan.steps]
    outputs = {name: _renamed_value(value, titles) for name, value in plan.outputs.items()}
    return plan.model_copy(update={"steps": tuple(steps), "outputs": outputs})


def output_name(text: str, taken: Collection[str]) -> str:
    """A name for an output, from whatever a model calls it."""
    words = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_-")[:48]
    return _free(words if words[:1].isalpha() else "result", taken)


def _free(name: str, taken: Collection[str]) -> str:
    numbers = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(candidate for candidate in (name, *numbers) if candidate not in taken)


def _renamed_step(step: Step, titles: Mapping[str, str]) -> Step:
    return step.model_copy(
        update={
            "id": titles[step.id],
            "with_": {name: _renamed_value(value, titles) for name, value in step.with_.items()},
            "each": {name: _renamed_value(value, titles) for name, value in step.each.items()},
        }
    )


def _renamed_value(value: Expression, titles: Mapping[str, str]) -> Expression:
    match value:
        case Reference():
            return Reference(titles.get(value.name, value.name), value.fields, value.narrowed)
        case Items(items):
            return Items(tuple(_renamed_value(item, titles) for item in items))
        case Fields(fields):
            return Fields(tuple((name, _renamed_value(item, titles)) for name, item in fields))
        case Literal():
            return value
