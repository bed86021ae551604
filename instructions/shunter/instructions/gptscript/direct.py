"""A script whose first tool is a command: one step, and nothing to plan."""

from __future__ import annotations

from collections.abc import Collection

from shunter.engine.plan.expression import Reference
from shunter.engine.plan.model import Input, Plan, Step
from shunter.engine.types.signature import Signature
from shunter.instructions.gptscript.threading import plain

RESULT = "result"


def direct_plan(signature: Signature, given: Collection[str]) -> Plan:
    """The plan that calls the script's function with what is `given`, and what it can't do without."""
    taken = [item for item in plain(signature).parameters if item.required or item.name in given]
    short = signature.name.partition(".")[2]
    name = short if short not in {item.name for item in taken} else f"{short}_step"
    step = Step.model_validate(
        {"id": name, "call": signature.name, "with": {item.name: Reference(item.name) for item in taken}}
    )
    inputs = {item.name: Input(type=item.type) for item in taken}
    return Plan(version=1, inputs=inputs, steps=(step,), outputs={RESULT: Reference(step.id)})
