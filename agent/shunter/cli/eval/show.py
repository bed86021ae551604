"""What people see of an eval run: a line for each case, a table, what didn't pass."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from shunter.cli.document import print_json
from shunter.cli.messages import safe, safe_name
from shunter.engine.digest import JsonValue
from shunter.evals.case.reach import Reach
from shunter.evals.report.baseline import by_case
from shunter.evals.report.summary import Measure, SuiteSummary, summaries
from shunter.evals.run.record import CaseStatus, Record
from shunter.evals.run.results import Results

_MARKS = {CaseStatus.PASSED: "✓", CaseStatus.FAILED: "✗", CaseStatus.CRASHED: "!"}
_PARTS = {Reach.RUN: "  run", Reach.PLAN: "  only assembled"}
_WHY = 160


class CaseLines:
    """A line for each case on standard error, as it happens."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def begin(self, *, todo: int, there: int) -> None:
        """Say how much there is to do."""
        if not self._quiet:
            known = f", {there} are done already" if there else ""
            print(f"{todo} case{'' if todo == 1 else 's'} to run{known}", file=sys.stderr)

    def recorded(self, record: Record, done: int, total: int) -> None:
        """Print what became of a case."""
        if not self._quiet:
            epoch = f" (epoch {record.epoch})" if record.epoch > 1 else ""
            only = ", only assembled" if record.reach is Reach.PLAN else ""
            text = (
                f"{_MARKS[record.status]} {done}/{total} {record.case}{epoch}  {record.seconds:.1f} s{only}"
            )
            why = f"  {_shortened(record.why)}" if record.why else ""
            print(safe(text + why), file=sys.stderr, flush=True)


def show_results(results: Results, path: Path, *, as_json: bool) -> None:
    """Print the table and what didn't pass."""
    if as_json:
        print_json(_document(results, path))
        return
    for line in _table(summaries(results.records)):
        print(line)
    missed = {key: found for key, found in by_case(results.records).items() if any(it.why for it in found)}
    if missed:
        print("\nnot passed:")
    for key, found in missed.items():
        misses = [record for record in found if record.status is not CaseStatus.PASSED]
        times = f" ({len(misses)} of {len(found)})" if len(found) > 1 else ""
        print(safe(f"  {_MARKS[misses[0].status]} {key}{times}: {_shortened(misses[0].why)}"))
    print(f"\nresults: {safe_name(str(path))}")


def _table(rows: Sequence[SuiteSummary]) -> list[str]:
    head = ["suite", "cases", "success", "valid plans", "replans", "cache reuse", "tokens", "time"]
    cells = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def _cells(row: SuiteSummary) -> list[str]:
    several = row.epochs > 1
    cases = f"{row.cases}" + (f" × {row.epochs}" if several else "")
    numbers = [_percent(row.success, several=several), _percent(row.valid, several=several)]
    numbers.append(_number(row.replans, several=several))
    numbers.append("-" if row.reuse is None else _percent(row.reuse, several=several))
    numbers.append("-" if row.tokens is None else _number(row.tokens, several=several))
    spread = f" ± {row.seconds.spread:.1f}" if several else ""
    name = row.suite if row.reach is None else _PARTS[row.reach]
    return [name, cases, *numbers, f"{row.seconds.mean:.1f}{spread} s"]


def _percent(measure: Measure, *, several: bool) -> str:
    spread = f" ± {100 * measure.spread:.1f}" if several else ""
    return f"{100 * measure.mean:.1f}{spread} %"


def _number(measure: Measure, *, several: bool) -> str:
    return f"{measure.mean:.1f} ± {measure.spread:.1f}" if several else f"{measure.mean:.0f}"


def _document(results: Results, path: Path) -> dict[str, JsonValue]:
    cases: list[JsonValue] = [
        {
            "case": it.case,
            "epoch": it.epoch,
            "status": it.status.value,
            "reach": it.reach.value,
            "seconds": it.seconds,
            "why": it.why,
        }
        for it in results.records
    ]
    return {
        "status": "done" if results.end is not None else "unfinished",
        "id": results.head.id,
        "results": str(path),
        "planner": results.head.planner,
        "suites": [_plain(row) for row in summaries(results.records)],
        "cases": cases,
    }


def _plain(row: SuiteSummary) -> JsonValue:
    data: dict[str, JsonValue] = asdict(row)
    return {**data, "reach": None if row.reach is None else row.reach.value}


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WHY else line[: _WHY - 1] + "…"
