"""Checks on plans: functions, edges, inputs that are left alone, accepted graphs."""

from __future__ import annotations

from typing import Any

import pytest

from shunter.engine.plan.model import Plan
from shunter.engine.plan.read import read_plan
from shunter.evals.case.wanted import WantedPlan
from shunter.evals.checks.plan import plan_checks
from shunter.evals.checks.verdict import verdicts
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue

PLAN = """
version: 1
inputs: {recordings: {type: "list[File[audio/*]]"}, notes: {type: "File[text/plain]"}}
steps:
  - {id: texts, call: speech.transcribe, each: {audio: {from: recordings}}}
  - {id: all, call: text.concatenate, with: {files: {from: texts}}}
  - {id: answer, call: rag.answer, with: {documents: [{from: all}, {from: notes}], question: "Who founded it?"}}
"""
STEPS = PLAN[PLAN.index("steps:") :]


def _plan(text: str = PLAN) -> Plan:
    return read_plan(text)[0]


def _missed(wanted: dict[str, Any], plan: Plan | None = None) -> dict[str, str]:
    checks = plan_checks(WantedPlan.model_validate(wanted), Catalogue([modules_folder()]))
    found = verdicts(checks, plan or _plan())
    assert found
    return {verdict.check: verdict.why for verdict in found if not verdict.passed}


@pytest.mark.parametrize(
    "wanted",
    [
        {"uses": ["rag.answer", "speech.transcribe"]},
        {"avoids": ["text.count"]},
        {"edges": ["speech.transcribe -> text.concatenate", "text.concatenate -> rag.answer"]},
        {"edges": ["recordings -> speech.transcribe", "notes -> rag.answer"]},
        {"edges": ["speech.transcribe ->> rag.answer", "recordings ->> rag.answer"]},
        {"unused": ["picture"]},
        {"most_steps": 3},
    ],
)
def test_what_holds_passes(wanted: dict[str, Any]) -> None:
    assert _missed(wanted) == {}


@pytest.mark.parametrize(
    ("wanted", "check", "why"),
    [
        (
            {"uses": ["text.count"]},
            "plan uses text.count",
            "it calls speech.transcribe, text.concatenate, rag.answer",
        ),
        (
            {"avoids": ["rag.answer"]},
            "plan avoids rag.answer",
            "it calls speech.transcribe, text.concatenate, rag.answer",
        ),
        (
            {"edges": ["speech.transcribe -> rag.answer"]},
            "plan has speech.transcribe -> rag.answer",
            "into rag.answer goes notes, text.concatenate",
        ),
        (
            {"edges": ["rag.answer ->> text.count"]},
            "plan has rag.answer ->> text.count",
            "into text.count goes nothing",
        ),
        (
            {"edges": ["notes ->> text.concatenate"]},
            "plan has notes ->> text.concatenate",
            "into text.concatenate goes speech.transcribe",
        ),
        ({"unused": ["notes"]}, "plan leaves notes alone", "it goes into rag.answer"),
        (
            {"most_steps": 2},
            "plan has 2 steps at most",
            "it has 3: speech.transcribe, text.concatenate, rag.answer",
        ),
    ],
)
def test_what_does_not_hold_says_what_is_there(wanted: dict[str, Any], check: str, why: str) -> None:
    assert _missed(wanted) == {check: why}


def _accepts(old: str, new: str) -> bool:
    graph = _plan(PLAN.replace(old, new)).model_dump(by_alias=True)["steps"]
    return not _missed({"accepts": [{"steps": graph}]})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("texts", "transcripts"),
        ("Who founded it?", "who founded it "),
        ('question: "Who founded it?"', 'question: "Who founded it?", passages: 3'),
        ("{audio: {from: recordings}}", '{audio: {from: recordings, as: "list[File[audio/wav]]"}}'),
    ],
)
def test_ids_defaults_narrowing_and_the_ends_of_texts_make_no_difference(old: str, new: str) -> None:
    assert _accepts(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Who founded it?", "Who ended it?"),
        ("[{from: all}, {from: notes}]", "[{from: notes}, {from: all}]"),
        ("[{from: all}, {from: notes}]", "[{from: all}]"),
        ('question: "Who founded it?"', 'question: "Who founded it?", passages: 4'),
        ("steps:", "steps:\n  - {id: size, call: text.count, with: {file: {from: notes}}}"),
        ("text.concatenate", "text.concat"),
    ],
)
def test_another_graph_is_not_accepted(old: str, new: str) -> None:
    assert not _accepts(old, new)


def test_a_conversion_that_the_words_do_not_ask_for_is_named_where_it_is_left_out() -> None:
    steps = _plan().model_dump(by_alias=True)["steps"]
    wanted = {"accepts": [{"steps": steps}], "bridges": ["speech.transcribe", "text.concatenate"]}
    assert _missed(wanted) == {}
    without = _plan(PLAN.replace("text.concatenate", "text.head"))
    assert _missed(wanted, without) == {
        "plan is accepted": (
            "it is another graph: speech.transcribe, text.head, rag.answer, without text.concatenate in between"
        )
    }


def test_one_of_several_accepted_graphs_is_enough() -> None:
    other = _plan(PLAN.replace("Who founded it?", "What is it?"))
    graphs = [{"steps": plan.model_dump(by_alias=True)["steps"]} for plan in (other, _plan())]
    assert _missed({"accepts": graphs}) == {}
    assert _missed({"accepts": graphs[:1]}) == {
        "plan is accepted": "it is another graph: speech.transcribe, text.concatenate, rag.answer"
    }
