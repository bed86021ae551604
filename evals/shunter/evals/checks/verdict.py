"""Verdicts, and evaluators that can't take a case down."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check said; `why` is empty where it passed. `crashed` is a check that broke itself."""

    check: str
    passed: bool
    why: str = ""
    crashed: bool = False


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """One thing that is expected of a subject: `look` says what keeps it from being so, or None."""

    name: str
    look: Callable[[Subject], str | None]

    def verdict(self, subject: Subject) -> Verdict:
        """What the check says of `subject`; never raises."""
        try:
            why = self.look(subject)
        except Exception as error:  # noqa: BLE001 - a check that breaks is a verdict
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
            return Verdict(
                self.name, False, f"the check broke: {type(error).__name__}: {error} ({where})", True
            )
        return Verdict(self.name, why is None, why or "")


def verdicts(checks: Iterable[Check[Subject]], subject: Subject) -> tuple[Verdict, ...]:
    """What each of `checks` says of `subject`."""
    return tuple(check.verdict(subject) for check in checks)
