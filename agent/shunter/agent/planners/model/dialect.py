"""What an endpoint understands of a request, found out by what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from shunter.engine.digest import JsonValue


class Mode(Enum):
    """How the form of the answer is asked for, the strictest first; the value is for people."""

    STRICT = "a strict JSON schema"
    JSON = "JSON mode"
    TEXT = "plain text"


_FORMAT_WORDS = ("response_format", "json_schema", "json_object", "structured output", "grammar", "schema")
_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The parts of a request that endpoints differ in."""

    mode: Mode = Mode.STRICT
    limit: str = "max_tokens"
    temperature: bool = True
    limit_changed: bool = False

    def parameters(self, schema: Mapping[str, JsonValue], answer_tokens: int) -> dict[str, JsonValue]:
        """The request's fields beside the model and the messages."""
        found: dict[str, JsonValue] = {self.limit: answer_tokens}
        if self.temperature:
            found["temperature"] = 0
        if self.mode is Mode.STRICT:
            named: JsonValue = {"name": "plan", "strict": True, "schema": schema}
            found["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.mode is Mode.JSON:
            found["response_format"] = {"type": "json_object"}
        return found

    def after(self, refusal: str) -> Dialect | None:
        """What to try after an endpoint refused a request in these words; None where nothing is left."""
        text = refusal.lower()
        if self.limit in text and not self.limit_changed:
            other = _LIMITS[1 - _LIMITS.index(self.limit)]
            return replace(self, limit=other, limit_changed=True)
        if self.temperature and "temperature" in text:
            return replace(self, temperature=False)
        if any(word in text for word in _FORMAT_WORDS):
            return self._looser()
        return None

    def _looser(self) -> Dialect | None:
        match self.mode:
            case Mode.STRICT:
                return replace(self, mode=Mode.JSON)
            case Mode.JSON:
                return replace(self, mode=Mode.TEXT)
            case Mode.TEXT:
                return None


def first_dialect(*, official: bool) -> Dialect:
    """Where to begin: the newer name of the token limit at OpenAI itself, the older one elsewhere."""
    return Dialect(limit=_LIMITS[0] if official else _LIMITS[1])
