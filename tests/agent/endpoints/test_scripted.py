"""The scripted endpoint, as the openai package sees it."""

from __future__ import annotations

import json

import openai
import pytest

from shunter.agent.endpoints import Say, ScriptedEndpoint, Status, ToolCalls


def client(endpoint: ScriptedEndpoint, key: str = "any") -> openai.OpenAI:
    return openai.OpenAI(base_url=endpoint.base_url, api_key=key, max_retries=0)


def ask(opened: openai.OpenAI) -> str | None:
    told = opened.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}])
    return told.choices[0].message.content


def test_answers_come_in_order_and_requests_are_kept() -> None:
    with ScriptedEndpoint([Say("one"), lambda request: Say(request.messages[0]["content"])]) as endpoint:
        with client(endpoint) as opened:
            assert [ask(opened), ask(opened)] == ["one", "hello"]
        assert [request.body["model"] for request in endpoint.requests] == ["m", "m"]


def test_a_script_that_is_over_says_so() -> None:
    with ScriptedEndpoint() as endpoint, client(endpoint) as opened:
        with pytest.raises(openai.BadRequestError, match="the script is over"):
            ask(opened)


def test_a_stream_gives_the_same_text_in_pieces() -> None:
    text = "so much to say " * 10
    with ScriptedEndpoint([Say(text)]) as endpoint, client(endpoint) as opened:
        stream = opened.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "hello"}], stream=True
        )
        pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
        assert "".join(pieces) == text
        assert len(pieces) > 3


CALLS: ToolCalls = ToolCalls((("head", {"file": "artifact:1", "lines": 3}), ("sort", {})))


def test_calls_of_tools_come_with_their_arguments() -> None:
    with ScriptedEndpoint([CALLS]) as endpoint, client(endpoint) as opened:
        told = opened.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}])
    (choice,) = told.choices
    found = [call for call in choice.message.tool_calls or () if call.type == "function"]
    assert [(call.function.name, json.loads(call.function.arguments)) for call in found] == list(CALLS.calls)
    assert choice.finish_reason == "tool_calls"


def test_calls_of_tools_come_in_pieces_of_a_stream() -> None:
    with ScriptedEndpoint([CALLS]) as endpoint, client(endpoint) as opened:
        stream = opened.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "hello"}], stream=True
        )
        deltas = [
            delta for chunk in stream if chunk.choices for delta in chunk.choices[0].delta.tool_calls or ()
        ]
    texts = [
        "".join(delta.function.arguments or "" for delta in deltas if delta.function and delta.index == index)
        for index in (0, 1)
    ]
    names = [delta.function.name for delta in deltas if delta.function and delta.function.name]
    assert list(zip(names, map(json.loads, texts), strict=True)) == list(CALLS.calls)


def test_models_are_listed() -> None:
    with ScriptedEndpoint(models=["a", "b"]) as endpoint, client(endpoint) as opened:
        assert [model.id for model in opened.models.list()] == ["a", "b"]


def test_errors_are_the_clients_own() -> None:
    busy = Status(429, "slow down", retry_after="3")
    with ScriptedEndpoint([busy], key="right") as endpoint:
        with client(endpoint, "wrong") as opened, pytest.raises(openai.AuthenticationError):
            ask(opened)
        with client(endpoint, "right") as opened, pytest.raises(openai.RateLimitError) as caught:
            ask(opened)
        assert caught.value.response.headers["retry-after"] == "3"


def test_a_field_that_is_refused_is_named() -> None:
    with ScriptedEndpoint([Say("x")], refuses=["messages"]) as endpoint, client(endpoint) as opened:
        with pytest.raises(openai.BadRequestError) as caught:
            ask(opened)
        assert caught.value.param == "messages"
