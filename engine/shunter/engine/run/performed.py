"""What became of one action."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import ALWAYS, Lasting, lasting_of, least
from shunter.engine.actions.model import Action
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.run.outcome import CallReport, Outcome
from shunter.engine.values import File

if TYPE_CHECKING:
    from shunter.engine.egress.record import Asked
    from shunter.engine.store.left import Left


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of an action: a result or a failure, with what was printed."""

    outcome: Outcome
    answer: Result | Failure
    stdout: File | None = None
    stderr: File | None = None
    asked: tuple[Asked, ...] = ()
    left: Left | None = None

    @property
    def bound(self) -> Lasting:
        """How far what was called allows the result to be given again."""
        return self.answer.bound if isinstance(self.answer, Result) else ALWAYS

    def report(self, step: str, index: int | None, key: Digest | None, seconds: float) -> CallReport:
        """Of the call that this was; one that failed before it had a key has none."""
        return CallReport(
            step,
            index,
            self.outcome,
            key,
            seconds,
            None if isinstance(self.answer, Failure) else self.answer.value,
            self.answer if isinstance(self.answer, Failure) else None,
            self.stdout,
            self.stderr,
            self.asked,
            self.left,
            self.bound,
        )


def cache_hit(result: Result) -> Performed:
    """An action that the cache answers with `result`."""
    return Performed(Outcome.CACHED, result, result.stdout, result.stderr)


def is_fresh(action: Action, result: Result) -> bool:
    """Whether a result may still be given again: it, or one that it was made of, may be too old."""
    return least([lasting_of(action, result.created), result.bound]).is_fresh(time.time())
