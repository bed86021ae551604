"""The goals themselves: their plans pass the checker, and the comparison tells right from wrong."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

import pytest
from tests.agent.goals.suite import GoalCase, bundled, load_cases, same_graph

from shunter.engine.plan.check import check_plan
from shunter.engine.plan.read import read_plan

SIZES = {"development": 60, "heldout": 30}
PLAN = """
version: 1
inputs: {recording: {type: "File[audio/*]"}, notes: {type: "list[File[text/plain]]"}}
steps:
  - {id: transcript, call: speech.transcribe, with: {audio: {from: recording}}}
  - {id: found, call: text.grep, each: {file: {from: notes}}, with: {pattern: Dagger}}
  - id: answer
    call: rag.answer
    with: {documents: [{from: transcript}], question: "Who founded Dagger?", passages: 5}
  - {id: changes, call: text.diff, with: {before: {from: answer}, after: {from: transcript}}}
"""


@pytest.fixture(scope="module", params=sorted(SIZES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def cases(name: str) -> tuple[GoalCase, ...]:
    return load_cases(name)


def _share(chosen: list[GoalCase], cases: tuple[GoalCase, ...]) -> Fraction:
    return Fraction(len(chosen), len(cases))


def _same(changed: str) -> bool:
    return same_graph(read_plan(changed)[0], read_plan(PLAN)[0])


def _with(old: str, new: str) -> str:
    assert old in PLAN
    return PLAN.replace(old, new)


def test_every_listed_plan_passes_the_checker(cases: tuple[GoalCase, ...]) -> None:
    for case in cases:
        for plan in case.plans:
            checked = check_plan(plan, bundled())
            assert len(checked.steps) == len(plan.steps)


def test_a_set_has_its_size(name: str, cases: tuple[GoalCase, ...]) -> None:
    assert len(cases) == SIZES[name]


def test_no_goal_stands_twice(cases: tuple[GoalCase, ...]) -> None:
    words = {" ".join(re.findall(r"\w+", case.goal.lower())) for case in cases}
    assert len(words) == len(cases)


def test_a_goal_asks_for_one_to_four_things(cases: tuple[GoalCase, ...]) -> None:
    asked = Counter(min(case.clauses, 3) for case in cases)
    assert max(case.clauses for case in cases) <= 4
    assert {clauses: Fraction(times, len(cases)) for clauses, times in asked.items()} == {
        1: Fraction(3, 10),
        2: Fraction(4, 10),
        3: Fraction(3, 10),
    }


def test_a_fifth_of_the_goals_is_about_every_element(cases: tuple[GoalCase, ...]) -> None:
    assert _share([case for case in cases if case.fans_out], cases) >= Fraction(1, 5)


def test_a_tenth_of_the_goals_brings_things_together(cases: tuple[GoalCase, ...]) -> None:
    assert _share([case for case in cases if case.joins], cases) >= Fraction(1, 10)


def test_a_fifth_of_the_goals_leaves_a_conversion_unsaid(cases: tuple[GoalCase, ...]) -> None:
    assert _share([case for case in cases if case.bridges], cases) >= Fraction(1, 5)


def test_every_bridge_is_a_call_of_every_right_plan(cases: tuple[GoalCase, ...]) -> None:
    for case in cases:
        for plan in case.plans:
            assert not Counter(case.bridges) - Counter(step.call for step in plan.steps), case.goal


def test_no_two_plans_of_a_case_are_the_same(cases: tuple[GoalCase, ...]) -> None:
    for case in cases:
        for at, plan in enumerate(case.plans):
            assert not any(same_graph(plan, other) for other in case.plans[at + 1 :]), case.goal
            assert case.accepts(plan)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("transcript", "text"),
        ("Who founded Dagger?", " who founded dagger"),
        ("passages: 5", "passages: 5.0"),
        ("{audio: {from: recording}}", "{audio: {from: recording}, language: EN, model: null}"),
        ("{audio: {from: recording}}", '{audio: {from: recording, as: "File[audio/wav]"}}'),
        ("pattern: Dagger", "pattern: Dagger, ignore_case: false"),
        ("version: 1", "version: 1\noutputs: {it: {from: changes}}"),
    ],
)
def test_these_make_no_difference(old: str, new: str) -> None:
    assert _same(_with(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "{before: {from: answer}, after: {from: transcript}}",
            "{before: {from: transcript}, after: {from: answer}}",
        ),
        ("Who founded Dagger?", "Who founded Docker?"),
        ("passages: 5", "passages: 3"),
        ("passages: 5", 'passages: "5"'),
        (", passages: 5", ""),
        ("pattern: Dagger", "pattern: Dagger, ignore_case: true"),
        ("text.grep", "text.head"),
        ("[{from: transcript}]", "{from: transcript}"),
        ("[{from: transcript}]", "[{from: transcript}, {from: transcript}]"),
        ("[{from: transcript}]", "{from: found}"),
        (
            "each: {file: {from: notes}}, with: {pattern: Dagger}",
            "with: {file: {from: notes}, pattern: Dagger}",
        ),
        ("{from: recording}", "{from: video}"),
        ("{from: recording}", "{from: recording.audio}"),
        ("audio: {from: recording}", "audio: {from: changes}"),
        ("  - {id: found, call: text.grep, each: {file: {from: notes}}, with: {pattern: Dagger}}\n", ""),
        ("steps:", "steps:\n  - {id: count, call: text.count, with: {file: {from: transcript}}}"),
        ("steps:", "steps:\n  - {id: again, call: speech.transcribe, with: {audio: {from: recording}}}"),
    ],
)
def test_these_make_another_graph(old: str, new: str) -> None:
    assert not _same(_with(old, new))


def test_the_order_of_the_steps_makes_no_difference() -> None:
    plan, _ = read_plan(PLAN)
    assert same_graph(plan.model_copy(update={"steps": plan.steps[::-1]}), plan)
