"""A failed run as planners read it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from shunter.agent.planners.protocol import StepFailure
from shunter.agent.ready import ReadyPlan
from shunter.engine.plan.expression import write_expression
from shunter.engine.run.outcome import CallReport, RunReport

SAID_CHARACTERS = 1500
ARGUMENT_CHARACTERS = 120
CALLS_OF_A_STEP = 3


def diagnose(ready: ReadyPlan, report: RunReport) -> tuple[StepFailure, ...]:
    """Each failed step's first failures, bounded: what was printed is cut at its beginning."""
    steps = {step.id: step for step in ready.plan.steps}
    return tuple(
        failure
        for step in report.steps
        for call in step.failures[:CALLS_OF_A_STEP]
        if (failure := _failure(call, step.call, dict(_arguments(ready, step.id)))) and step.id in steps
    )


def _failure(call: CallReport, function: str, arguments: dict[str, str]) -> StepFailure | None:
    failure = call.failure
    if failure is None:
        return None
    said = (failure.stderr or failure.stdout)[-SAID_CHARACTERS:]
    return StepFailure(call.step, function, failure.kind, failure.message, failure.exit_code, said, arguments)


def _arguments(ready: ReadyPlan, step_id: str) -> Iterator[tuple[str, str]]:
    step = next(step for step in ready.plan.steps if step.id == step_id)
    for name, expression in {**step.with_, **step.each}.items():
        text = json.dumps(write_expression(expression), ensure_ascii=False)
        yield name, text if len(text) <= ARGUMENT_CHARACTERS else f"{text[:ARGUMENT_CHARACTERS]}…"
