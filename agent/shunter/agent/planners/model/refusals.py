"""What an endpoint's errors mean: to try again, to ask otherwise, or to give up with a hint."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import openai

_HINTS = {
    401: "check OPENAI_API_KEY",
    402: "the account has no credit left",
    403: "the key may not use this model: check OPENAI_API_KEY and the model's name",
    404: "check OPENAI_BASE_URL (it mostly ends with /v1) and the model's name (--model or SHUNTER_MODEL)",
}
_EMBEDDED = "`--planner embedded` plans without a model"
_SPENT = ("insufficient_quota", "billing")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request had no answer.

    `transient` is worth another try, after `wait` seconds where the endpoint names them; `form` says that the
    request's form may be what it minds, `absent` that there is nothing at the address.
    """

    text: str
    hint: str = _EMBEDDED
    transient: bool = False
    wait: float | None = None
    form: bool = False
    absent: bool = False


def refusal_of(error: openai.APIError) -> Refusal:
    """What `error` means."""
    import openai

    match error:
        case openai.APITimeoutError():
            return Refusal("it didn't answer in time", transient=True)
        case openai.APIStatusError():
            return _status_refusal(error)
        case openai.APIConnectionError():
            cause = type(error.__cause__).__name__ if error.__cause__ else "no connection"
            hint = "check OPENAI_BASE_URL, and that the endpoint runs; " + _EMBEDDED
            return Refusal(f"it can't be reached ({cause})", hint, transient=True)
    return Refusal(_short(error.message))


def _status_refusal(error: openai.APIStatusError) -> Refusal:
    status = error.status_code
    text = f"it answered {status}: {_short(_said(error))}"
    hint = _HINTS.get(status, _EMBEDDED)
    if status == 429 and any(word in f"{error.code} {error.type}" for word in _SPENT):
        return Refusal(text, _HINTS[402])
    if status in {408, 429} or (status >= 500 and status != 501):
        return Refusal(text, hint, transient=True, wait=retry_after(error.response.headers))
    return Refusal(text, hint, form=status in {400, 422, 501}, absent=status == 404)


def _said(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, Mapping) else None
    return f"{error.param}: {message}" if message and error.param else str(message or error.message)


def _short(text: str) -> str:
    plain = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return plain if len(plain) <= 400 else plain[:400] + "…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer's Retry-After asks for, as a number or a date; None without a usable one."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        return seconds if 0 <= seconds < float("inf") else None
    parsed = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return max(0.0, email.utils.mktime_tz(parsed) - time.time()) if parsed else None
