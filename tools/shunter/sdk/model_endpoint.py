"""A model behind an endpoint that speaks OpenAI's chat completions, asked without further packages.

    from shunter.sdk.model_endpoint import ModelEndpoint

    ModelEndpoint("https://models.example.org/v1", "small", key).chat([("user", "Say hello.")])

The function that does this declares the endpoint's host, as in `hosts=["{endpoint}"]`.
"""

import json
import time

from shunter.sdk.failure import Failure
from shunter.sdk.json_value import Json
from shunter.sdk.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any
    from urllib.error import HTTPError

SECONDS = 120
TRIES = 3
LONGEST_WAIT = 20.0
MAX_BYTES = 32_000_000
_PASSING = (408, 409, 429, 500, 502, 503, 504)


class ModelEndpoint:
    """An endpoint by its base URL, the model's name, and the key, where it wants one."""

    def __init__(self, url: str, model: str, key: Secret | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise Failure(f"{url!r} is no endpoint; expected one such as https://models.example.org/v1")
        if not model.strip():
            raise Failure("the model has no name")
        self._url = url.rstrip("/")
        self._model = model
        self._key = key

    def chat(
        self,
        turns: "Sequence[tuple[str, str]]",
        *,
        temperature: float = 0.0,
        max_tokens: int = 2000,
        schema: Json = None,
    ) -> str:
        """The answer to `turns`, each a role and its text; as JSON text where a `schema` is given.

        Where the endpoint takes no schema it is asked for JSON, and where it doesn't take that, for text.
        Raises Failure where there is no whole answer.
        """
        request: dict[str, Json] = {
            "model": self._model,
            "messages": [{"role": role, "content": text} for role, text in turns],
            "temperature": temperature,
            "max_tokens": max_tokens,
        }
        for form in _forms(schema):
            answer = self._asked("/chat/completions", {**request, **form}, last=not form)
            if answer is not None:
                return _content(answer)
        raise Failure(f"{self._url} takes no request of this form")

    def embed(self, texts: "Sequence[str]") -> list[list[float]]:
        """A vector for each text, in order; raises Failure."""
        answer = self._asked("/embeddings", {"model": self._model, "input": list(texts)}, last=True)
        try:
            rows = sorted(_rows(answer), key=lambda row: row["index"])
            vectors = [[float(number) for number in row["embedding"]] for row in rows]
        except (KeyError, TypeError, ValueError):
            raise Failure(f"{self._url} didn't answer with embeddings") from None
        if len(vectors) != len(texts):
            raise Failure(f"{self._url} gave {len(vectors)} embeddings for {len(texts)} texts")
        return vectors

    def _asked(self, path: str, body: "dict[str, Json]", *, last: bool) -> Json:
        """The answer; None for a form that the endpoint doesn't take, unless it is the `last` to try."""
        from urllib.error import HTTPError

        for attempt in range(1, TRIES + 1):
            try:
                return self._sent(path, body)
            except HTTPError as error:
                said = error.read(400).decode(errors="replace")
                if error.code == 400 and not last:
                    return None
                if error.code not in _PASSING or attempt == TRIES:
                    reason = f"{error.code} {error.reason}: {said.strip()}"
                    raise Failure(f"{self._url} answered {reason}") from None
                time.sleep(_wait(error, attempt))
            except OSError as error:
                if attempt == TRIES:
                    why = getattr(error, "reason", None) or error
                    raise Failure(f"{self._url} can't be reached: {why}") from None
                time.sleep(attempt)
        raise AssertionError("the last try returns or raises")

    def _sent(self, path: str, body: "dict[str, Json]") -> Json:
        from http.client import HTTPException
        from urllib.request import Request, urlopen

        request = Request(self._url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        if self._key is not None:
            request.add_unredirected_header("Authorization", self._key.bearer(self._url))
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                content = answer.read(MAX_BYTES + 1)
        except HTTPException as error:
            raise OSError(f"it broke off ({error})") from None
        if len(content) > MAX_BYTES:
            raise Failure(f"{self._url} answered with more than {MAX_BYTES} bytes")
        try:
            return json.loads(content)  # type: ignore[no-any-return]
        except (ValueError, RecursionError):
            raise Failure(f"{self._url} didn't answer with JSON") from None


def _forms(schema: Json) -> "list[dict[str, Json]]":
    if schema is None:
        return [{}]
    strict: Json = {"name": "answer", "strict": True, "schema": schema}
    return [
        {"response_format": {"type": "json_schema", "json_schema": strict}},
        {"response_format": {"type": "json_object"}},
        {},
    ]


def _rows(answer: "Any") -> "list[Any]":
    return list(answer["data"])


def _content(answer: "Any") -> str:
    try:
        choice = answer["choices"][0]
        text, finish = choice["message"]["content"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError):
        raise Failure("the endpoint's answer has no message") from None
    if finish == "length":
        raise Failure("the answer was cut off; give it more with max_tokens")
    if not isinstance(text, str) or not text.strip():
        raise Failure("the model gave no answer")
    return text


def _wait(error: "HTTPError", attempt: int) -> float:
    """What the endpoint asks for, up to some seconds; else a little more each time."""
    try:
        return min(float(error.headers.get("Retry-After", attempt)), LONGEST_WAIT)
    except ValueError:
        return float(attempt)
