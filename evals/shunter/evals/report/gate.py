"""The gate: what got worse since a baseline, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shunter.evals.case.reach import Reach
from shunter.evals.report.baseline import (
    Baseline,
    BaselineCase,
    by_case,
    reach_of,
    success_of,
    valid_of,
)
from shunter.evals.run.record import CaseStatus, Record


@dataclass(frozen=True, slots=True)
class Worse:
    """A case that got worse: in words, and why it fails now."""

    case: str
    what: str
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """Results against a baseline, by case. `unknown` are cases that the baseline doesn't have."""

    worse: tuple[Worse, ...]
    better: tuple[str, ...]
    unknown: tuple[str, ...]
    same: int

    @property
    def passed(self) -> bool:
        """Whether nothing got worse."""
        return not self.worse


def compare(records: Sequence[Record], baseline: Baseline, *, tolerance: float = 0.0) -> Comparison:
    """What got worse: a case that has no result, isn't run any more, passes or has a valid plan less often.

    Shares may be lower by `tolerance`, for planners whose answers vary.
    """
    found = by_case(records)
    worse: list[Worse] = []
    better: list[str] = []
    for key, then in baseline.cases.items():
        now = found.get(key)
        if now is None:
            worse.append(Worse(key, "has no result"))
        elif (fault := _worse(key, now, then, tolerance)) is not None:
            worse.append(fault)
        elif success_of(now) > then.success:
            better.append(key)
    unknown = tuple(key for key in found if key not in baseline.cases)
    same = len(baseline.cases) - len(worse) - len(better)
    return Comparison(tuple(worse), tuple(better), unknown, same)


def _worse(key: str, now: Sequence[Record], then: BaselineCase, tolerance: float) -> Worse | None:
    if then.reach is Reach.RUN and reach_of(now) is Reach.PLAN:
        return Worse(key, "was run, and is only assembled now")
    slack = tolerance + 1e-9
    why = next((record.why for record in now if record.status is not CaseStatus.PASSED), "")
    if success_of(now) < then.success - slack:
        return Worse(key, _change("passed", then.success, success_of(now)), why)
    if valid_of(now) < then.valid - slack:
        return Worse(key, _change("had a valid plan", then.valid, valid_of(now)), why)
    return None


def _change(what: str, then: float, now: float) -> str:
    if {then, now} == {0.0, 1.0}:
        return f"{what}, and doesn't any more"
    return f"{what} in {then:.0%} of its epochs, now in {now:.0%}"
