"""What an execution says and gives, without the secrets of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action
from shunter.engine.executors.protocol import Execution
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.values import File, Value

Said = TypeVar("Said", Execution, Failure)

_APART: Final = "\x01"
"""Between texts, so that no value is made of two that have nothing to do with each other."""


def redacted(said: Said, redactor: Redactor) -> Said:
    """The same with every text redacted; the logs of an execution are the executor's business."""
    if not redactor:
        return said
    if isinstance(said, Execution):
        strike = redactor.strike_text
        asked = tuple(replace(one, host=strike(one.host), reason=strike(one.reason)) for one in said.asked)
        return replace(said, detail=strike(said.detail), asked=asked)
    return replace(
        said,
        message=redactor.strike_text(said.message),
        stderr=redactor.strike_text(said.stderr),
        stdout=redactor.strike_text(said.stdout),
        command=tuple(map(redactor.strike_text, said.command)),
        hint=None if said.hint is None else redactor.strike_text(said.hint),
    )


def without_secrets(action: Action, answer: Value | Failure, secrets: Revealed) -> Value | Failure:
    """`answer`, unless it is a value that holds a secret of the action: data, or the name of a file."""
    if isinstance(answer, Failure) or not tells_secret(answer, secrets):
        return answer
    return Failure(FailureKind.LEAK, f"{action.label} returned a secret that it was given")


def tells_secret(value: Value, secrets: Revealed) -> bool:
    """Whether one of the secrets is in the data of `value`, or in the name of a file."""
    if not secrets.files:
        return False
    own = Redactor(secret.decode() for secret in secrets.files.values())
    return own.holds(_APART.join(_said(value)).encode("utf-8", "surrogatepass"))


def _said(value: Value) -> Iterator[str]:
    """Every text and number in a value, and the names of its files."""
    match value:
        case File(name=name):
            yield name
        case str() | int() | float():
            yield str(value)
        case tuple():
            for item in value:
                yield from _said(item)
        case Mapping():
            for name, item in value.items():
                yield name
                yield from _said(item)
