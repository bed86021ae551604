"""What a scripted endpoint can answer, well-behaved or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from shunter.engine.digest import JsonValue


@dataclass(frozen=True, slots=True)
class Say:
    """A completion: text as it is, anything else as JSON text.

    `finish` of "length" is an answer that was cut off. `always_streams` sends events even where none were
    asked for, as some endpoints do; where the request asks for a stream it gets one anyway.
    """

    content: JsonValue
    finish: str = "stop"
    refusal: str | None = None
    always_streams: bool = False


@dataclass(frozen=True, slots=True)
class ToolCalls:
    """A completion that calls tools, each with its arguments; the client runs them and asks again."""

    calls: tuple[tuple[str, Mapping[str, JsonValue]], ...]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embeddings, one for each text that was asked about; they are sent the last one first."""

    vectors: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP error, in the form that OpenAI's API gives it. `retry_after` is the header's text."""

    status: int
    message: str = ""
    code: str | None = None
    param: str | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Bytes:
    """A body that is sent as it stands: no JSON, too much of it, a page of a proxy."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks after `kept` bytes of the answer's body; with 0, before any answer."""

    reply: Say
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Late:
    """The answer comes after `seconds`; with `pieces`, its body trickles in over that time."""

    reply: Say
    seconds: float
    pieces: int = 0


Reply: TypeAlias = Say | ToolCalls | Vectors | Status | Bytes | Cut | Late


def completion(say: Say, model: str, number: int) -> dict[str, JsonValue]:
    """The body of a completion that wasn't streamed."""
    text = content_text(say)
    message: JsonValue = {
        "role": "assistant",
        "content": None if say.refusal is not None else text,
        "refusal": say.refusal,
    }
    choice: JsonValue = {"index": 0, "message": message, "logprobs": None, "finish_reason": say.finish}
    return {**_head(model, number, "chat.completion"), "choices": [choice], "usage": _usage(text)}


def embeddings(reply: Vectors, model: str) -> dict[str, JsonValue]:
    """The body of an answer with embeddings."""
    rows: list[JsonValue] = [
        {"object": "embedding", "index": index, "embedding": list(vector)}
        for index, vector in enumerate(reply.vectors)
    ]
    return {"object": "list", "model": model, "data": rows[::-1], "usage": _usage("")}


def events(say: Say, model: str, number: int) -> bytes:
    """The same completion as server-sent events, in pieces of a few characters."""
    text = content_text(say)
    pieces = [text[start : start + 24] for start in range(0, len(text), 24)]
    deltas: list[JsonValue] = [{"role": "assistant", "content": ""}]
    deltas += (
        [{"refusal": say.refusal}] if say.refusal is not None else [{"content": piece} for piece in pieces]
    )
    head = _head(model, number, "chat.completion.chunk")
    chunks = [{**head, "choices": [_delta(delta, None)]} for delta in deltas]
    chunks.append({**head, "choices": [_delta({}, say.finish)]})
    chunks.append({**head, "choices": [], "usage": _usage(text)})
    return b"".join(_event(chunk) for chunk in chunks) + b"data: [DONE]\n\n"


def call_completion(reply: ToolCalls, model: str, number: int) -> dict[str, JsonValue]:
    """The body of a completion that calls tools, not streamed."""
    message: JsonValue = {"role": "assistant", "content": None, "tool_calls": _calls(reply, number)}
    choice: JsonValue = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
    return {**_head(model, number, "chat.completion"), "choices": [choice], "usage": _usage("")}


def call_events(reply: ToolCalls, model: str, number: int) -> bytes:
    """The same as server-sent events: each call's name first, then its arguments in two pieces."""
    head = _head(model, number, "chat.completion.chunk")
    chunks: list[dict[str, Any]] = [{"role": "assistant", "content": None}]
    for index, (call, (_, given)) in enumerate(zip(_calls(reply, number), reply.calls, strict=True)):
        text = json.dumps(given)
        begun = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        pieces = [text[: len(text) // 2], text[len(text) // 2 :]]
        chunks.append({"tool_calls": [begun]})
        chunks += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]} for piece in pieces]
    sent = [{**head, "choices": [_delta(delta, None)]} for delta in chunks]
    sent.append({**head, "choices": [_delta({}, "tool_calls")]})
    sent.append({**head, "choices": [], "usage": _usage("")})
    return b"".join(_event(chunk) for chunk in sent) + b"data: [DONE]\n\n"


def _calls(reply: ToolCalls, number: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"call-{number}-{index}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(given)},
        }
        for index, (name, given) in enumerate(reply.calls)
    ]


def content_text(say: Say) -> str:
    """What is said, as text."""
    return say.content if isinstance(say.content, str) else json.dumps(say.content)


def error_body(status: Status) -> dict[str, JsonValue]:
    """The body of an HTTP error."""
    kind = "server_error" if status.status >= 500 else "invalid_request_error"
    fields = {"message": status.message, "type": kind, "param": status.param, "code": status.code}
    return {"error": fields}


def _head(model: str, number: int, kind: str) -> dict[str, JsonValue]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": 0, "model": model}


def _delta(delta: JsonValue, finish: str | None) -> dict[str, JsonValue]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(text: str) -> dict[str, JsonValue]:
    words = len(text.split())
    return {"prompt_tokens": 10, "completion_tokens": words, "total_tokens": 10 + words}


def _event(data: Mapping[str, JsonValue]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
