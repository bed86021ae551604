"""Baselines, the gate and the numbers: what got worse is named, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.evals.case.reach import Reach
from shunter.evals.errors import ResultsError
from shunter.evals.report.baseline import baseline_of, read_baseline, read_reasons, write_baseline
from shunter.evals.report.gate import Worse, compare
from shunter.evals.report.summary import Measure, summaries
from shunter.evals.run.record import Calls, CaseStatus, CheckRecord, Record
from shunter.evals.run.results import Head, Results


def _record(
    case: str,
    passed: str,
    *,
    epoch: int = 1,
    valid: bool = True,
    tokens: int | None = None,
    reach: Reach = Reach.RUN,
) -> Record:
    status = {"yes": CaseStatus.PASSED, "no": CaseStatus.FAILED, "crash": CaseStatus.CRASHED}[passed]
    checks = (CheckRecord(check="it", passed=passed == "yes", why="" if passed == "yes" else "off"),)
    return Record(
        case=case,
        epoch=epoch,
        digest="d",
        status=status,
        reach=reach,
        planner="any",
        valid=valid,
        checks=checks,
        asked=2 if passed == "no" else 1,
        calls=Calls(executed=3, cached=1) if reach is Reach.RUN else Calls(),
        tokens=tokens,
        seconds=epoch,
    )


def _results(*records: Record, epochs: int = 1) -> Results:
    head = Head(id="r", started=0, suites=("s",), planner="any", epochs=epochs, cases=("s/a",))
    return Results(head, records)


BEFORE = baseline_of(
    _results(
        _record("s/a", "yes"), _record("s/b", "no"), _record("s/c", "no", valid=False), _record("s/d", "yes")
    ),
    {"s/b": "too hard"},
)


def test_a_baseline_has_every_case_with_the_reason_of_each_miss(tmp_path: Path) -> None:
    write_baseline(tmp_path / "b.json", BEFORE)
    assert read_baseline(tmp_path / "b.json") == BEFORE
    assert list(BEFORE.cases) == ["s/a", "s/b", "s/c", "s/d"]
    assert (BEFORE.cases["s/a"].success, BEFORE.cases["s/a"].miss, BEFORE.cases["s/a"].reason) == (
        1,
        None,
        None,
    )
    assert (BEFORE.cases["s/b"].miss, BEFORE.cases["s/b"].reason) == ("it: off", "too hard")
    assert (BEFORE.cases["s/c"].valid, BEFORE.cases["s/c"].reason) == (0, None)


def test_what_is_as_before_passes_the_gate() -> None:
    found = compare(
        [
            _record("s/d", "yes"),
            _record("s/a", "yes"),
            _record("s/b", "no"),
            _record("s/c", "no", valid=False),
        ],
        BEFORE,
    )
    assert (found.passed, found.same, found.better, found.unknown) == (True, 4, (), ())


def test_what_got_worse_is_named_with_why() -> None:
    found = compare(
        [
            _record("s/a", "crash"),
            _record("s/b", "no", valid=False),
            _record("s/c", "yes"),
            _record("s/e", "no"),
        ],
        BEFORE,
    )
    assert found.worse == (
        Worse("s/a", "passed, and doesn't any more", "it: off"),
        Worse("s/b", "had a valid plan, and doesn't any more", "it: off"),
        Worse("s/d", "has no result"),
    )
    assert (found.passed, found.better, found.unknown, found.same) == (False, ("s/c",), ("s/e",), 0)


def test_with_several_epochs_shares_are_compared_and_tolerance_is_slack() -> None:
    three = [
        _record("s/a", passed, epoch=epoch) for epoch, passed in enumerate(("yes", "no", "yes", "yes"), 1)
    ]
    baseline = baseline_of(_results(_record("s/a", "yes")), {})
    assert compare(three, baseline).worse[0].what == "passed in 100% of its epochs, now in 75%"
    assert compare(three, baseline, tolerance=0.25).passed
    assert not compare(three, baseline, tolerance=0.2).passed
    assert compare(three, baseline_of(_results(*three), {})).passed


def test_a_case_that_was_run_and_is_only_assembled_now_got_worse(tmp_path: Path) -> None:
    records = [_record("s/a", "yes"), _record("s/b", "yes", reach=Reach.PLAN)]
    write_baseline(tmp_path / "b.json", baseline_of(_results(*records), {}))
    baseline = read_baseline(tmp_path / "b.json")
    assert [case.reach for case in baseline.cases.values()] == [Reach.RUN, Reach.PLAN]
    assert (tmp_path / "b.json").read_text().count("reach") == 1
    assert compare(records, baseline).passed
    assert compare([_record("s/a", "yes"), _record("s/b", "yes")], baseline).passed
    less = [_record("s/a", "yes", reach=Reach.PLAN), records[1]]
    assert compare(less, baseline).worse == (Worse("s/a", "was run, and is only assembled now"),)


def test_files_that_are_off_are_said(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("a: [b]")
    with pytest.raises(ResultsError, match=r"x isn't a baseline$"):
        read_baseline(path)
    with pytest.raises(ResultsError, match="expected a record with a text for each case, `SUITE/ID: why`$"):
        read_reasons(path)
    path.write_text("a: b\na: c")
    with pytest.raises(ResultsError, match="x, line 2: the key `a` is given twice$"):
        read_reasons(path)
    path.write_text("s/a: why")
    assert read_reasons(path) == {"s/a": "why"}
    with pytest.raises(ResultsError, match="No such file or directory$"):
        read_baseline(tmp_path / "y")


def test_a_summary_has_a_row_for_each_suite_and_one_for_all() -> None:
    rows = summaries(
        [_record("s/a", "yes"), _record("s/b", "no", tokens=10), _record("t/a", "crash", valid=False)]
    )
    assert [(row.suite, row.cases, row.crashed) for row in rows] == [("s", 2, 0), ("t", 1, 1), ("all", 3, 1)]
    assert (rows[0].success, rows[0].valid, rows[0].reuse) == (Measure(0.5), Measure(1), Measure(0.25))
    assert (rows[0].replans, rows[0].tokens, rows[0].seconds) == (Measure(1), Measure(10), Measure(2))
    assert rows[1].tokens is None


def test_what_was_run_and_what_was_only_assembled_are_told_apart() -> None:
    rows = summaries(
        [
            _record("s/a", "no"),
            _record("s/b", "yes", reach=Reach.PLAN),
            _record("s/c", "yes", reach=Reach.PLAN),
            _record("t/a", "yes"),
        ]
    )
    assert [(row.suite, row.reach, row.cases, round(row.success.mean, 2)) for row in rows] == [
        ("s", None, 3, 0.67),
        ("s", Reach.RUN, 1, 0),
        ("s", Reach.PLAN, 2, 1),
        ("t", None, 1, 1),
        ("all", None, 4, 0.75),
        ("all", Reach.RUN, 2, 0.5),
        ("all", Reach.PLAN, 2, 1),
    ]
    assert [row.reuse for row in rows[:3]] == [Measure(0.25), Measure(0.25), None]


def test_several_epochs_have_a_mean_and_a_spread() -> None:
    records = [
        _record("s/a", "yes"),
        _record("s/b", "no"),
        *(_record(f"s/{it}", "yes", epoch=2) for it in "ab"),
    ]
    (row,) = summaries(records)
    assert (row.cases, row.epochs) == (2, 2)
    assert (row.success, row.replans, row.seconds) == (Measure(0.75, 0.25), Measure(0.5, 0.5), Measure(3, 1))
