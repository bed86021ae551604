"""A run as one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from shunter.agent import Run
from shunter.agent.pursuit import Pursuit
from shunter.engine.digest import JsonValue
from shunter.engine.run.journal import failure_data
from shunter.engine.run.outcome import CallReport, StepReport
from shunter.engine.values import Directory, File, Secret, Value
from shunter.engine.values.source import shown


def print_json(data: JsonValue) -> None:
    """Print `data` as one document on standard output."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=True)
    sys.stdout.write("\n")


def run_document(run: Run, saved: Mapping[str, Path]) -> dict[str, JsonValue]:
    """`status`, `run_id`, `outputs`, `steps`, `seconds`, and the paths that outputs were `saved` at."""
    report = run.report
    document: dict[str, JsonValue] = {
        "status": report.status.value,
        "run_id": run.id,
        "seconds": round(report.seconds, 3),
        "outputs": {name: value_data(value) for name, value in report.outputs.items()},
        "saved": {name: str(path) for name, path in saved.items()},
        "steps": [_step(step) for step in report.steps],
    }
    if report.failure is not None:
        document["failure"] = failure_data(report.failure)
    return document


def pursuit_document(pursuit: Pursuit, saved: Mapping[str, Path]) -> dict[str, JsonValue]:
    """The last run's document, with `planner` (null for a plan file) and `attempts`, the runs in order."""
    attempts: list[JsonValue] = [
        {"run_id": run.id, "status": run.report.status.value, "seconds": round(run.report.seconds, 3)}
        for run in pursuit.runs
    ]
    more: dict[str, JsonValue] = {"planner": pursuit.planner, "attempts": attempts}
    if pursuit.ended is not None:
        more["ended"] = pursuit.ended
    return {**run_document(pursuit.run, saved), **more}


def value_data(value: Value) -> JsonValue:
    """A value for programs: plain data as it is, artifacts with their digest."""
    if isinstance(value, File):
        return {"file": value.name, "digest": value.digest, "size": value.size}
    if isinstance(value, Directory):
        return {"directory": value.digest}
    if isinstance(value, Secret):
        return {"secret": shown(value)}
    if isinstance(value, tuple):
        return [value_data(item) for item in value]
    if isinstance(value, Mapping):
        return {name: value_data(item) for name, item in value.items()}
    return value


def _step(step: StepReport) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {
        "id": step.id,
        "call": step.call,
        "outcome": step.outcome.value,
        "seconds": round(step.seconds, 3),
    }
    if len(step.calls) > 1 or any(call.index is not None for call in step.calls):
        data["calls"] = [_call(call) for call in step.calls]
    elif step.failures:
        data.update(_call(step.failures[0]))
    return data


def _call(call: CallReport) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {"outcome": call.outcome.value, "seconds": round(call.seconds, 3)}
    if call.index is not None:
        data["index"] = call.index
    if call.failure is not None:
        data["failure"] = failure_data(call.failure)
    return data
