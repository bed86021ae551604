"""Results in numbers: for each suite, with mean and spread where there were several epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from shunter.evals.case.reach import Reach
from shunter.evals.run.record import Calls, CaseStatus, Record


@dataclass(frozen=True, slots=True)
class Measure:
    """A number for each epoch, as their mean; `spread` is their standard deviation, 0 for one."""

    mean: float
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class SuiteSummary:
    """A suite in numbers, each for one epoch: shares from 0 to 1, counts, and seconds.

    `reach` is None for a whole suite, else that of the cases of it that are meant. `reuse` is the share of
    calls that the cache answered, None where there were none; `tokens` is None where nobody counted any.
    """

    suite: str
    reach: Reach | None
    cases: int
    epochs: int
    crashed: int
    success: Measure
    valid: Measure
    replans: Measure
    reuse: Measure | None
    tokens: Measure | None
    seconds: Measure


def summaries(records: Sequence[Record]) -> list[SuiteSummary]:
    """A summary for each suite, and where there are several one for all of them.

    Where cases were only assembled, two more follow that tell these from those that were run.
    """
    names = list(dict.fromkeys(record.suite for record in records))
    found = [
        row for name in names for row in _rows(name, [record for record in records if record.suite == name])
    ]
    return [*found, *_rows("all", records)] if len(names) > 1 else found


def _rows(name: str, records: Sequence[Record]) -> Iterator[SuiteSummary]:
    yield _summary(name, None, records)
    if any(record.reach is Reach.PLAN for record in records):
        for reach in Reach:
            if part := [record for record in records if record.reach is reach]:
                yield _summary(name, reach, part)


def _summary(name: str, reach: Reach | None, records: Sequence[Record]) -> SuiteSummary:
    by_epoch: dict[int, list[Record]] = {}
    for record in records:
        by_epoch.setdefault(record.epoch, []).append(record)

    def measure(number: Callable[[list[Record]], float]) -> Measure:
        numbers = [number(part) for part in by_epoch.values()]
        return Measure(fmean(numbers), pstdev(numbers))

    called = any(record.calls != Calls() for record in records)
    counted = any(record.tokens is not None for record in records)
    return SuiteSummary(
        suite=name,
        reach=reach,
        cases=len({record.case for record in records}),
        epochs=len(by_epoch),
        crashed=sum(record.status is CaseStatus.CRASHED for record in records),
        success=measure(lambda part: _share(record.status is CaseStatus.PASSED for record in part)),
        valid=measure(lambda part: _share(record.valid for record in part)),
        replans=measure(lambda part: sum(record.replans for record in part)),
        reuse=measure(_reuse) if called else None,
        tokens=measure(lambda part: sum(record.tokens or 0 for record in part)) if counted else None,
        seconds=measure(lambda part: sum(record.seconds for record in part)),
    )


def _share(flags: Iterable[bool]) -> float:
    return fmean(list(flags))


def _reuse(records: list[Record]) -> float:
    cached = sum(record.calls.cached for record in records)
    every = cached + sum(record.calls.executed + record.calls.failed for record in records)
    return cached / every if every else 0.0
