"""The suites that come with shunter are whole: their files, references, sizes and baseline. They don't run here."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from tests.agent.goals.suite import load_cases

from shunter.agent import Workspace
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Input, Plan, Step
from shunter.evals.bundled import FOLDER, bundled_suites, check_names, load_suites
from shunter.evals.case.suite import Case
from shunter.evals.checks.plan import plan_checks
from shunter.evals.checks.verdict import verdicts
from shunter.evals.report.baseline import read_baseline, read_reasons
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

BASELINES = FOLDER.parent / "baselines"
SIZES = {"basics": 60, "pipelines": 20}


@cache
def _cases(name: str) -> tuple[Case, ...]:
    return load_suites([name])[0].cases


def _all() -> list[Case]:
    return [case for name in SIZES for case in _cases(name)]


def _steps(case: Case) -> tuple[Step, ...]:
    assert case.written.reference is not None, case.key
    return case.written.reference.steps


def _sources(step: Step) -> set[str]:
    return {it.name for value in [*step.with_.values(), *step.each.values()] for it in references(value)}


def test_they_have_their_sizes() -> None:
    assert bundled_suites() == tuple(SIZES)
    assert {name: len(_cases(name)) for name in SIZES} == SIZES


def test_every_function_that_they_name_is_there() -> None:
    check_names(_all(), Catalogue([modules_folder()]))


def test_every_case_looks_at_what_comes_out() -> None:
    assert [case.key for case in _all() if not case.written.expect.results] == []


def test_every_reference_passes_the_checker_and_the_checks_on_plans(workspace: Workspace) -> None:
    signatures = Catalogue([modules_folder()])
    for case in _all():
        request = workspace.request("g", **case.given())
        inputs = {name: Input(type=kind) for name, kind in request.goal.inputs.items()}
        plan = Plan(version=1, inputs=inputs, steps=_steps(case))
        check_plan(plan, signatures)
        found = verdicts(plan_checks(case.written.expect.plan, signatures), plan)
        assert [verdict for verdict in found if not verdict.passed] == [], case.key


def test_basics_are_of_one_to_four_clauses_with_fan_out_and_joins() -> None:
    cases = _cases("basics")
    assert max(len(_steps(case)) for case in cases) <= 4
    assert sum(len(_steps(case)) == 1 for case in cases) <= 25
    assert sum(any(step.each for step in _steps(case)) for case in cases) >= 12
    assert sum(any(len(_sources(step)) > 1 for step in _steps(case)) for case in cases) >= 6


def test_pipelines_are_longer_and_most_have_inputs_that_are_not_needed() -> None:
    cases = _cases("pipelines")
    assert min(len(_steps(case)) for case in cases) >= 3
    decoys = [
        case for case in cases if case.written.inputs.keys() - set().union(*map(_sources, _steps(case)))
    ]
    assert len(decoys) >= 12
    assert all(case.written.expect.plan.unused for case in decoys)


def test_no_goal_stands_in_the_planners_own_goal_sets_as_well() -> None:
    known = [case.goal for name in ("development", "heldout") for case in load_cases(name)]
    goals = [str(case.written.goal) for case in _all()]
    words = Counter(" ".join(re.findall(r"\w+", goal.lower())) for goal in [*known, *goals])
    assert [goal for goal, times in words.items() if times > 1] == []


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
