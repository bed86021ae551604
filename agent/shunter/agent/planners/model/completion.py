"""A completion's body, streamed or not, as the text that the model said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

_KEYS = frozenset({"steps", "missing"})


class BadCompletion(ValueError):
    """The body isn't a completion."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What was said. `tokens` is None where the endpoint doesn't count them."""

    text: str
    refusal: str = ""
    cut_off: bool = False
    tokens: int | None = None


class _Lenient(BaseModel):
    """Endpoints add fields of their own."""

    model_config = ConfigDict(extra="ignore")


class _Message(_Lenient):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Lenient):
    message: _Message | None = None
    delta: _Message | None = None
    finish_reason: str | None = None


class _Usage(_Lenient):
    total_tokens: int = 0


class _Body(_Lenient):
    choices: list[_Choice] = []
    usage: _Usage | None = None


def read_completion(body: bytes, content_type: str) -> Completion:
    """The completion in `body`; raises BadCompletion."""
    streamed = content_type.partition(";")[0].strip() == "text/event-stream"
    try:
        bodies = [_Body.model_validate_json(part) for part in (_events(body) if streamed else [body])]
    except ValidationError as error:
        raise BadCompletion(f"its answer isn't a completion ({error.errors()[0]['msg'][:120]})") from None
    firsts = [body.choices[0] for body in bodies if body.choices]
    if not firsts:
        raise BadCompletion("its answer has no choices")
    return _joined(firsts, [body.usage.total_tokens for body in bodies if body.usage])


def _joined(choices: list[_Choice], tokens: list[int]) -> Completion:
    messages = [choice.message or choice.delta or _Message() for choice in choices]
    return Completion(
        text="".join(message.content or "" for message in messages),
        refusal="".join(message.refusal or "" for message in messages),
        cut_off=any(choice.finish_reason == "length" for choice in choices),
        tokens=max(tokens, default=None),
    )


def _events(body: bytes) -> Iterator[bytes]:
    for line in body.splitlines():
        data = line.removeprefix(b"data:").strip()
        if line.startswith(b"data:") and data != b"[DONE]":
            yield data


def reply_data(text: str) -> object:
    """The answer in what a model said, alone, in a fence or amid prose; raises ValueError.

    An object without any of an answer's keys isn't it: a piece of an answer that was cut off is one.
    """
    starts = [0, *(index for index, character in enumerate(text) if character == "{")][:20]
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    for start in starts:
        try:
            found, _ = decoder.raw_decode(text.lstrip() if not start else text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and not _KEYS.isdisjoint(found):
            _encodable(found)
            return found
    raise ValueError("there is no complete JSON object with `steps` in the answer")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} isn't JSON")


def _encodable(data: object) -> None:
    """Half of a character, which no file and no request could hold, raises ValueError."""
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
