"""Which planner is taken, and what is said about it."""

from __future__ import annotations

import pytest
from tests.agent.goals.suite import bundled

from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.choose import PlannerKind, choose_planner
from shunter.agent.planners.protocol import Proposal, Task
from shunter.engine import types as t
from shunter.instructions.goal import Goal


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SHUNTER_MODEL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_model_the_embedded_planner_plans() -> None:
    planner, why = choose_planner(PlannerKind.AUTO)
    assert planner.name == "embedded"
    assert why == "the embedded planner plans: no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL)"


def test_a_configured_model_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:hidden-word@127.0.0.1:9/v1")
    planner, why = choose_planner(PlannerKind.AUTO, model="tiny")
    assert planner.name == "model"
    assert why == "tiny at 127.0.0.1:9 plans: it is configured"


def test_behind_a_configured_model_that_cannot_be_reached_is_the_embedded_planner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    planner, _ = choose_planner(PlannerKind.AUTO, model="tiny")
    lines = bundled()["text.count"]
    answer = planner.plan(
        Task(Goal("count the words", {"letter": t.File("text/plain")}), {lines.name: lines})
    )
    assert isinstance(answer, Proposal)
    assert [step.call for step in answer.plan.steps] == ["text.count"]
    assert planner.name == "embedded"
    assert answer.notes[0].startswith("planned by the embedded planner instead (model planner: ")


def test_a_key_alone_sends_no_goal_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lies-about")
    planner, why = choose_planner(PlannerKind.AUTO)
    assert planner.name == "embedded"
    assert why == (
        "the embedded planner plans: OPENAI_API_KEY is set, but no model is named (--model or SHUNTER_MODEL)"
    )


def test_what_is_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lies-about")
    monkeypatch.setenv("SHUNTER_MODEL", "large")
    assert choose_planner(PlannerKind.EMBEDDED)[0].name == "embedded"
    assert choose_planner(PlannerKind.MODEL)[1] == "large at api.openai.com plans: it was asked for"


def test_a_model_that_is_asked_for_and_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlannerUnavailable, match="no model is configured"):
        choose_planner(PlannerKind.MODEL)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lies-about")
    with pytest.raises(PlannerUnavailable, match="no model is named"):
        choose_planner(PlannerKind.MODEL)
