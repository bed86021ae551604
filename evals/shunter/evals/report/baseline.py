"""Baselines: what each case is known to do, with the reason for each miss."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from shunter.engine.errors import PlanSyntaxError
from shunter.engine.plan.yaml_data import read_yaml
from shunter.evals.case.reach import Reach
from shunter.evals.case.strict import Strict
from shunter.evals.errors import ResultsError, unreadable
from shunter.evals.run.record import CaseStatus, Record
from shunter.evals.run.results import Head, Results

MISS_CHARACTERS = 160


class BaselineCase(Strict):
    """What a case did: the share of epochs in which it passed, and had a plan that passed the checker.

    `reach` of PLAN is a case that was only assembled. `miss` is what went wrong where it didn't always pass,
    `reason` why that is so, as somebody found out.
    """

    success: float = Field(ge=0, le=1)
    valid: float = Field(ge=0, le=1)
    reach: Reach = Field(default=Reach.RUN, exclude_if=lambda reach: reach is Reach.RUN)
    miss: str | None = None
    reason: str | None = None


class Baseline(Strict):
    """What results are compared with."""

    baseline: Literal[1] = 1
    planner: str
    model: str | None = None
    epochs: int = Field(default=1, ge=1)
    cases: Mapping[str, BaselineCase]


def baseline_of(results: Results, reasons: Mapping[str, str]) -> Baseline:
    """What `results` say of each case, with `reasons` for the misses, by case."""
    head = results.head
    cases = {key: _case(found, reasons.get(key)) for key, found in sorted(by_case(results.records).items())}
    return Baseline(planner=_planner(head), model=head.model, epochs=head.epochs, cases=cases)


def by_case(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The records of each case, in the order of epochs."""
    found: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda record: record.epoch):
        found.setdefault(record.case, []).append(record)
    return found


def success_of(records: Sequence[Record]) -> float:
    """The share of epochs in which a case passed."""
    return fmean(record.status is CaseStatus.PASSED for record in records)


def valid_of(records: Sequence[Record]) -> float:
    """The share of epochs in which a case had a plan that passed the checker."""
    return fmean(record.valid for record in records)


def reach_of(records: Sequence[Record]) -> Reach:
    """How far a case went at the least."""
    return Reach.PLAN if any(record.reach is Reach.PLAN for record in records) else Reach.RUN


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file; raises ResultsError."""
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error) from None
    except (ValidationError, UnicodeDecodeError):
        raise ResultsError(
            f"{path} isn't a baseline", hint="`shunter eval baseline RESULTS -o FILE` writes one"
        ) from None


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write `baseline`, in a form in which changes are easy to see."""
    data = baseline.model_dump(mode="json", exclude_none=True)
    try:
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise unreadable(path, error) from None


def read_reasons(path: Path) -> dict[str, str]:
    """The reasons for misses, by case, from a YAML file that people write; raises ResultsError."""
    try:
        data, _ = read_yaml(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, str]).validate_python(data)
    except OSError as error:
        raise unreadable(path, error) from None
    except PlanSyntaxError as error:
        line = f", line {error.line}" if error.line else ""
        raise ResultsError(f"{path}{line}: {error.message}") from None
    except (ValidationError, UnicodeDecodeError):
        raise ResultsError(f"{path}: expected a record with a text for each case, `SUITE/ID: why`") from None


def _case(records: Sequence[Record], reason: str | None) -> BaselineCase:
    success, valid = success_of(records), valid_of(records)
    case = BaselineCase(success=success, valid=valid, reach=reach_of(records))
    if success == 1:
        return case
    miss = next(record.why for record in records if record.status is not CaseStatus.PASSED)
    return case.model_copy(update={"miss": _shortened(miss), "reason": reason})


def _shortened(text: str) -> str:
    return text if len(text) <= MISS_CHARACTERS else text[: MISS_CHARACTERS - 1] + "…"


def _planner(head: Head) -> str:
    return head.planner if head.fault is None else f"{head.planner}, {head.fault}"
