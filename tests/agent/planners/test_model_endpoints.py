"""Endpoints that are slow, busy, broken, old or hostile."""

from __future__ import annotations

import json

import pytest
from tests.agent.planners.model_yard import GOOD, PLAN, Waits, data, missing, planner, proposed, quick, task

from shunter.agent.endpoints import Bytes, Cut, Late, Reply, Say, ScriptedEndpoint, Status
from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.model.planner import ModelPlanner
from shunter.agent.planners.model.settings import ModelSettings


def unavailable(endpoint: ScriptedEndpoint, waits: Waits | None = None) -> PlannerUnavailable:
    with pytest.raises(PlannerUnavailable) as caught:
        planner(endpoint, waits=waits).plan(task())
    return caught.value


@pytest.mark.parametrize(
    ("refuses", "used", "formats"),
    [
        (["json_schema"], "JSON mode", ["json_schema", "json_object"]),
        (["json_schema", "json_object"], "plain text", ["json_schema", "json_object", "text"]),
        (["response_format"], "plain text", ["json_schema", "json_object", "text"]),
    ],
)
def test_an_endpoint_without_schemas_is_asked_in_the_next_looser_form(
    refuses: list[str], used: str, formats: list[str]
) -> None:
    with ScriptedEndpoint(otherwise=Say(GOOD), refuses=refuses) as endpoint:
        planning = planner(endpoint)
        planning.plan(task())
        again = planning.plan(task())
        assert [request.response_format for request in endpoint.requests] == [*formats, formats[-1]]
        assert f"asked for {used}: 1 request" in str(again)


@pytest.mark.parametrize("field", ["temperature", "max_tokens"])
def test_a_field_that_is_refused_is_left_out(field: str) -> None:
    with ScriptedEndpoint([Say(GOOD)], refuses=[field]) as endpoint:
        assert data(proposed(endpoint)) == PLAN
        assert field not in endpoint.requests[-1].body
        assert endpoint.requests[-1].response_format == "json_schema"


def test_an_endpoint_that_refuses_everything_is_left_alone() -> None:
    every = ["temperature", "max_tokens", "response_format", "messages"]
    with ScriptedEndpoint(refuses=every) as endpoint:
        assert "messages" in str(unavailable(endpoint))
        assert len(endpoint.requests) < 8


@pytest.mark.parametrize(
    "text",
    [
        f"Here is the plan:\n```json\n{json.dumps(GOOD, indent=1)}\n```\nTell me if it works!",
        f"<think>{{so}} what {{</think>\n\n{json.dumps(GOOD)}",
        json.dumps(GOOD) + "   \n",
    ],
)
def test_a_plan_amid_prose_is_found(text: str) -> None:
    with ScriptedEndpoint([Say(text)]) as endpoint:
        assert data(proposed(endpoint)) == PLAN


@pytest.mark.parametrize(
    "trouble",
    [
        Status(429, "slow down"),
        Status(500, "oops"),
        Status(503, "loading the model"),
        Cut(Say(GOOD)),
        Cut(Say(GOOD), kept=40),
    ],
)
def test_what_is_transient_is_tried_again_with_growing_waits(trouble: Reply) -> None:
    waits = Waits()
    with ScriptedEndpoint([trouble, trouble, Say(GOOD)]) as endpoint:
        assert data(proposed(endpoint, waits=waits)) == PLAN
        assert waits.seconds == [0.5, 1.0]
        assert len(endpoint.requests) == 3


def test_retry_after_is_waited_for() -> None:
    waits = Waits()
    with ScriptedEndpoint([Status(429, "slow down", retry_after="7"), Say(GOOD)]) as endpoint:
        proposed(endpoint, waits=waits)
        assert waits.seconds == [7.0]


def test_a_retry_after_that_is_too_long_ends_it_at_once() -> None:
    waits = Waits()
    with ScriptedEndpoint([Status(429, "come back tomorrow", retry_after="86400")]) as endpoint:
        assert "429: come back tomorrow" in str(unavailable(endpoint, waits))
        assert waits.seconds == []
        assert len(endpoint.requests) == 1


def test_what_stays_transient_is_tried_four_times() -> None:
    waits = Waits()
    with ScriptedEndpoint(otherwise=Status(502, "bad gateway")) as endpoint:
        assert "502: bad gateway" in str(unavailable(endpoint, waits))
        assert len(endpoint.requests) == 4
        assert waits.seconds == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (Status(401, "no such key"), "OPENAI_API_KEY"),
        (Status(403, "not for you"), "OPENAI_API_KEY"),
        (Status(404, "no such model"), "OPENAI_BASE_URL"),
        (Status(400, "too many messages"), "--planner embedded"),
        (Status(429, "no money", code="insufficient_quota"), "credit"),
    ],
)
def test_what_stays_wrong_is_not_tried_again(status: Status, hint: str) -> None:
    waits = Waits()
    with ScriptedEndpoint([status, Say(GOOD)]) as endpoint:
        error = unavailable(endpoint, waits)
        assert status.message in error.message
        assert hint in str(error.hint)
        assert waits.seconds == []
        assert len(endpoint.requests) == 1


@pytest.mark.parametrize("pieces", [0, 500])
def test_a_slow_answer_is_given_up(pieces: int) -> None:
    slow = Late(Say(GOOD), seconds=60, pieces=pieces)
    with ScriptedEndpoint(otherwise=slow) as endpoint:
        budget = quick(Waits(), seconds=0.5, request_seconds=0.2)
        with pytest.raises(PlannerUnavailable, match="didn't answer in time"):
            planner(endpoint, budget=budget).plan(task())


def test_a_late_answer_within_the_time_is_taken() -> None:
    with ScriptedEndpoint([Late(Say(GOOD), seconds=0.05, pieces=5)]) as endpoint:
        assert data(proposed(endpoint)) == PLAN


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a proxy's page</html>",
        b"{",
        b"[]",
        b'{"choices": []}',
        b'{"choices": "none"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_a_body_that_is_no_completion_is_an_error_with_a_hint(body: bytes) -> None:
    with ScriptedEndpoint([Bytes(body)]) as endpoint:
        assert "OPENAI_BASE_URL" in str(unavailable(endpoint).hint)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no idea",
        '{"steps": [',
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"steps": NaN}',
        '{"steps": "\\ud800"}',
        {"steps": [{}]},
        {"steps": [{"a.b": {"id": "s1"}, "c.d": {"id": "s2"}}]},
        {"steps": [{"text.upper": {"id": 7}}]},
        {"steps": [{"text.upper": {"id": "s1", "$(id)": "x"}}]},
        {"steps": [{"text.upper": {"id": "../../etc"}}]},
        {"steps": "all", "shell": "rm -rf /"},
        {"steps": [{"text.upper": {"id": "s1", "text": {"step": "", "output": ".."}}}]},
        {"steps": [{"text.upper": {"id": "s1", "text": {"from": 3}}}]},
        {"steps": [{"text.upper": {"id": "s1", "text": {"step": "s1", "output": "*"}}}]},
        {"steps": [{"text.upper": {"id": "s1", "text": "x" * 300}}] * 300},
    ],
)
def test_a_hostile_answer_leaves_no_plan_and_no_traceback(content: object) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    with ScriptedEndpoint(otherwise=Say(text)) as endpoint:
        assert len(missing(endpoint).text) < 1_200
        assert len(endpoint.requests) <= 3


def test_an_endless_answer_is_cut_off() -> None:
    with ScriptedEndpoint([Bytes(b" " * (3 << 20))]) as endpoint:
        assert "longer than 1,048,576 bytes" in str(unavailable(endpoint))


def test_an_answer_that_was_cut_off_is_asked_for_again() -> None:
    with ScriptedEndpoint(
        [Say('{"missing": null, "reasons": [{"step": "s1", "why": "x"}', finish="length"), Say(GOOD)]
    ) as endpoint:
        assert data(proposed(endpoint)) == PLAN
        assert "be shorter" in endpoint.requests[1].messages[-1]["content"]


def test_an_endpoint_that_is_not_there_is_named() -> None:
    with ScriptedEndpoint() as gone:
        pass
    error = unavailable(gone)
    assert gone.base_url.removesuffix("/v1").removeprefix("http://") in error.message
    assert "check OPENAI_BASE_URL" in str(error.hint)


@pytest.mark.parametrize("models", [(), ("a", "b")])
def test_without_a_name_and_with_no_lone_model_a_name_is_wanted(models: tuple[str, ...]) -> None:
    with ScriptedEndpoint(models=models) as endpoint:
        with pytest.raises(PlannerUnavailable, match="no model is named") as caught:
            ModelPlanner(ModelSettings(base_url=endpoint.base_url)).plan(task())
        assert "--model" in str(caught.value.hint)


def test_without_any_endpoint_nothing_is_asked() -> None:
    with pytest.raises(PlannerUnavailable, match="no model is configured"):
        ModelPlanner(ModelSettings()).plan(task())


@pytest.mark.parametrize("url", ["not a url", "ftp://x", "http://", "http://127.0.0.1:99999/v1"])
def test_a_base_url_that_is_none_is_an_error_with_a_hint(url: str) -> None:
    with pytest.raises(PlannerUnavailable) as caught:
        ModelPlanner(ModelSettings(base_url=url, model="m"), budget=quick(Waits())).plan(task())
    assert "OPENAI_BASE_URL" in str(caught.value.hint)
