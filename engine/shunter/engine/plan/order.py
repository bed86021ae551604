"""An order in which steps can run."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.plan.checked import CheckedStep


def running_order(steps: Iterable[CheckedStep]) -> tuple[CheckedStep, ...]:
    """The steps, each after those that it needs, otherwise as written; they must be free of cycles."""
    written = list(steps)
    ids = {step.id for step in written}
    waiting = {step.id: len(step.sources & ids) for step in written}
    consumers: dict[str, list[CheckedStep]] = {}
    for step in written:
        for source in step.sources & ids:
            consumers.setdefault(source, []).append(step)
    ordered = [step for step in written if not waiting[step.id]]
    for step in ordered:
        for consumer in consumers.get(step.id, ()):
            waiting[consumer.id] -= 1
            if not waiting[consumer.id]:
                ordered.append(consumer)
    return tuple(ordered)
