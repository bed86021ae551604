"""One request to an endpoint: its answer, or why there is none, as values.

No exception of the HTTP client leaves this file: it would carry the request, and with it the key.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from shunter.agent.planners.model.budget import Spending
from shunter.agent.planners.model.completion import BadCompletion, Completion, read_completion
from shunter.agent.planners.model.refusals import Refusal, refusal_of
from shunter.agent.planners.model.settings import OFFICIAL, ModelSettings
from shunter.engine.digest import JsonValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from openai import OpenAI
    from openai.types.chat import ChatCompletionMessageParam

Role: TypeAlias = Literal["system", "user", "assistant"]

_NO_KEY = "none"
_HINT = "check OPENAI_BASE_URL (it mostly ends with /v1)"


class Message(TypedDict):
    """One turn of a conversation."""

    role: Role
    content: str


class Transport:
    """Sends requests to the endpoint of `settings`, each bounded in time and size, none of them twice."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings

    def complete(
        self,
        model: str,
        messages: Sequence[Message],
        fields: Mapping[str, JsonValue],
        spending: Spending,
    ) -> Completion | Refusal:
        """What the model says; counts the request and its tokens."""

        def send(opened: OpenAI) -> tuple[bytes, str]:
            create = opened.chat.completions.with_streaming_response.create
            with create(model=model, messages=_parameters(messages), extra_body=dict(fields)) as response:
                kind = response.headers.get("content-type", "")
                return _read(response.iter_bytes(), spending), kind

        spending.requests += 1
        sent = self._sent(send, spending)
        if isinstance(sent, Refusal):
            return sent
        try:
            completion = read_completion(self._redacted(sent[0]), sent[1])
        except BadCompletion as error:
            return self._shown(Refusal(str(error), hint=_HINT))
        spending.count(completion, sum(len(message["content"]) for message in messages))
        return completion

    def models(self, spending: Spending) -> list[str] | Refusal:
        """The models that the endpoint lists, 20 at most; none where it has no such list."""

        def send(opened: OpenAI) -> tuple[bytes, str]:
            with opened.models.with_streaming_response.list() as response:
                return _read(response.iter_bytes(), spending), ""

        sent = self._sent(send, spending)
        if isinstance(sent, Refusal):
            return [] if sent.absent else sent
        try:
            listed = json.loads(self._redacted(sent[0]))
            return [str(model["id"])[:100] for model in listed["data"][:20]]
        except (ValueError, RecursionError, KeyError, TypeError):
            return []

    def _sent(
        self, send: Callable[[OpenAI], tuple[bytes, str]], spending: Spending
    ) -> tuple[bytes, str] | Refusal:
        import httpx2
        import openai

        key = self._settings.key.get_secret_value() if self._settings.key else _NO_KEY
        if not (key.isascii() and key.isprintable()):
            return Refusal("OPENAI_API_KEY holds characters that no key has", hint="set it again")
        url = self._settings.base_url or OFFICIAL
        try:
            with openai.OpenAI(
                api_key=key, base_url=url, max_retries=0, timeout=spending.request_left
            ) as opened:
                return send(opened)
        except openai.APIError as error:
            refusal = refusal_of(error)
        except (httpx2.TimeoutException, TimeoutError):
            refusal = Refusal("it didn't answer in time", transient=True)
        except httpx2.HTTPError as error:
            refusal = Refusal(f"the connection broke ({type(error).__name__})", transient=True)
        except (openai.OpenAIError, httpx2.InvalidURL, BadCompletion, ValueError) as error:
            refusal = Refusal(str(error)[:300], hint=_HINT)
        return self._shown(refusal)

    def _redacted(self, body: bytes) -> bytes:
        return self._settings.redacted(body.decode("utf-8", "replace")).encode()

    def _shown(self, refusal: Refusal) -> Refusal:
        return replace(refusal, text=self._settings.redacted(refusal.text))


def _read(pieces: Iterable[bytes], spending: Spending) -> bytes:
    """A body, read in pieces: neither its size nor its pace is the endpoint's to choose."""
    end = time.monotonic() + spending.request_left
    most = spending.budget.answer_bytes
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            raise BadCompletion(f"its answer is longer than {most:,} bytes")
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(body)


def _parameters(messages: Sequence[Message]) -> list[ChatCompletionMessageParam]:
    return [_parameter(message["role"], message["content"]) for message in messages]


def _parameter(role: Role, content: str) -> ChatCompletionMessageParam:
    match role:
        case "system":
            return {"role": "system", "content": content}
        case "user":
            return {"role": "user", "content": content}
        case "assistant":
            return {"role": "assistant", "content": content}
