"""Checks on what a run gave: outputs by name, or any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeAlias

from shunter.agent import Workspace
from shunter.engine.run.events import Observer
from shunter.engine.values import Value
from shunter.evals.case.wanted import WantedResult
from shunter.evals.checks.value import ValueLooker
from shunter.evals.checks.verdict import Check

Outputs: TypeAlias = Mapping[str, Value]


def result_checks(
    wanted: tuple[WantedResult, ...], workspace: Workspace, observer: Observer | None = None
) -> Iterator[Check[Outputs]]:
    """A check for each result that is wanted; `observer` is told of what judges do."""
    looker = ValueLooker(workspace, observer)
    for number, one in enumerate(wanted, 1):
        yield Check(f"result {number} ({_title(one)})", partial(_look, one, looker))


def _look(wanted: WantedResult, looker: ValueLooker, outputs: Outputs) -> str | None:
    if wanted.output is not None and wanted.output not in outputs:
        return f"there is no output {wanted.output}; there are {', '.join(outputs) or 'none'}"
    problems = []
    for name, value in outputs.items():
        if wanted.output in (None, name):
            why = looker.problem(value, wanted)
            if why is None:
                return None
            problems.append(f"{name}: {why}")
    return "; ".join(problems) or "there are no outputs"


def _title(wanted: WantedResult) -> str:
    """What is looked at, in short."""
    fields = WantedResult.model_fields
    names = [fields[name].alias or name for name in fields if name in wanted.model_fields_set - {"output"}]
    return f"{wanted.output}: {', '.join(names)}" if wanted.output else ", ".join(names)
