"""Why a request isn't answered with a result, as whoever calls is told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class Kind(Enum):
    """What is wrong with a request; failures of functions have kinds of their own, see `FailureKind`."""

    REQUEST = "request"  # it isn't one of this protocol
    TOKEN = "token"
    PATH = "path"
    METHOD = "method"
    SLOW = "slow"  # it took too long to arrive
    TOO_LARGE = "too-large"
    NOT_DECLARED = "not-declared"  # the caller's module doesn't use the function's
    NOT_GIVEN = "not-given"  # an artifact that the step was never handed, or may not hand over
    ARGUMENTS = "arguments"
    LEAK = "leak"  # a secret of the caller is in an argument that is none
    HOST = "host"  # the function would reach more hosts than the caller declares
    EFFECT = "effect"  # the function has an effect that the caller doesn't declare
    RECURSION = "recursion"  # the call equals one that waits for it
    DEPTH = "depth"
    CALLS = "calls"
    ENGINE = "engine"  # the store or the executor is in trouble


STATUS: Final[Mapping[Kind, int]] = MappingProxyType(
    {
        Kind.REQUEST: 400,
        Kind.TOKEN: 401,
        Kind.NOT_DECLARED: 403,
        Kind.NOT_GIVEN: 403,
        Kind.LEAK: 403,
        Kind.HOST: 403,
        Kind.EFFECT: 403,
        Kind.PATH: 404,
        Kind.METHOD: 405,
        Kind.SLOW: 408,
        Kind.RECURSION: 409,
        Kind.TOO_LARGE: 413,
        Kind.ARGUMENTS: 422,
        Kind.DEPTH: 429,
        Kind.CALLS: 429,
        Kind.ENGINE: 500,
    }
)
"""The HTTP status of each; a function that failed has FAILED."""

FAILED: Final = 424


class Refused(Exception):
    """A request that isn't done: one sentence, and what to do about it."""

    def __init__(self, kind: Kind, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.hint = hint
