"""The suites that come with shunter are whole: their files, references, sizes and baseline. They don't run here."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from tests.agent.goals.suite import load_cases

from shunter.agent import Workspace
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Input, Plan, Step
from shunter.evals.bundled import FOLDER, bundled_suites, check_names, load_suites
from shunter.evals.case.reach import Reach
from shunter.evals.case.suite import Case
from shunter.evals.checks.plan import plan_checks
from shunter.evals.checks.verdict import verdicts
from shunter.evals.report.baseline import read_baseline, read_reasons
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

BASELINES = FOLDER.parent / "baselines"
SIZES = {"basics": 120, "pipelines": 20}
RUN = {"basics": 61, "pipelines": 20}
"""How many of these have what it takes to run them."""


@cache
def _cases(name: str) -> tuple[Case, ...]:
    return load_suites([name])[0].cases


def _all() -> list[Case]:
    return [case for name in SIZES for case in _cases(name)]


def _steps(case: Case) -> tuple[Step, ...]:
    assert case.written.right is not None, case.key
    return case.written.right.steps


def _sources(step: Step) -> set[str]:
    return {it.name for value in [*step.with_.values(), *step.each.values()] for it in references(value)}


def test_they_have_their_sizes() -> None:
    assert bundled_suites() == tuple(SIZES)
    assert {name: len(_cases(name)) for name in SIZES} == SIZES
    assert {name: sum(case.written.reach is Reach.RUN for case in _cases(name)) for name in RUN} == RUN


def test_every_function_that_they_name_is_there() -> None:
    check_names(_all(), Catalogue([modules_folder()]))


def test_every_case_that_is_run_looks_at_what_comes_out() -> None:
    run = [case for case in _all() if case.written.reach is Reach.RUN]
    assert [case.key for case in run if not case.written.expect.results] == []


def test_every_case_that_is_only_assembled_says_which_plans_are_right() -> None:
    assembled = [case for case in _all() if case.written.reach is Reach.PLAN]
    assert [case.key for case in assembled if not case.written.expect.plan.accepts] == []


def test_every_reference_passes_the_checker_and_the_checks_on_plans(workspace: Workspace) -> None:
    signatures = Catalogue([modules_folder()])
    for case in _all():
        kinds = case.types(case.offers(workspace.store))
        inputs = {name: Input(type=kind) for name, kind in kinds.items()}
        plan = Plan(version=1, inputs=inputs, steps=_steps(case))
        check_plan(plan, signatures)
        found = verdicts(plan_checks(case.written.expect.plan, signatures), plan)
        assert [verdict for verdict in found if not verdict.passed] == [], case.key


def test_basics_are_of_one_to_four_clauses_with_fan_out_and_joins() -> None:
    cases = _cases("basics")
    assert max(len(_steps(case)) for case in cases) <= 4
    assert sum(len(_steps(case)) == 1 for case in cases) <= 50
    assert sum(any(step.each for step in _steps(case)) for case in cases) >= 24
    assert sum(any(len(_sources(step)) > 1 for step in _steps(case)) for case in cases) >= 12


def test_pipelines_are_longer_and_most_have_inputs_that_are_not_needed() -> None:
    cases = _cases("pipelines")
    assert min(len(_steps(case)) for case in cases) >= 3
    decoys = [
        case for case in cases if case.written.inputs.keys() - set().union(*map(_sources, _steps(case)))
    ]
    assert len(decoys) >= 12
    assert all(case.written.expect.plan.unused for case in decoys)


def test_no_goal_stands_twice() -> None:
    times = Counter(_words(str(case.written.goal)) for case in _all())
    assert [goal for goal, many in times.items() if many > 1] == []


def test_no_suite_has_a_goal_that_is_held_out() -> None:
    there = {_hidden(str(case.written.goal)) for case in _all()}
    assert len(there) == len(_all())
    assert sum(_hidden(case.goal) in there for case in load_cases("heldout")) == 0


def _hidden(goal: str) -> Digest:
    """A goal's words, so that they can be compared and a failing test doesn't show them."""
    return digest_bytes(_words(goal).encode())


def _words(goal: str) -> str:
    return " ".join(re.findall(r"\w+", goal.lower()))


def test_their_files_are_small() -> None:
    sizes = {path: path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()}
    assert max(sizes.values()) < 40_000
    assert sum(sizes.values()) < 250_000


@pytest.mark.parametrize("name", ["embedded"])
def test_the_baseline_has_every_case_and_a_reason_for_every_miss(name: str) -> None:
    baseline = read_baseline(BASELINES / f"{name}.json")
    assert sorted(baseline.cases) == sorted(case.key for case in _all())
    misses = {key: case for key, case in baseline.cases.items() if case.miss is not None}
    assert [key for key, case in misses.items() if not case.reason] == []
    assert {key: case.reason for key, case in misses.items()} == read_reasons(BASELINES / "misses.yaml")
