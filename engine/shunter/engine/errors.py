"""The errors that every layer raises on purpose.

    ShunterError
    ├── UsageError            the command line or the caller's arguments are off
    │   └── RunBusy           a run that is still going on can't be gone on with
    ├── PlanError             a plan (or a module that it needs) can't be used as it is
    │   ├── PlanSyntaxError   the text is no plan
    │   └── PlanRefused       the checker found problems; carries all of them
    ├── InputError            a value handed to a run doesn't fit
    ├── StoreError            the home folder can't be read or written
    │   └── StoreCorrupt      content differs from its digest
    ├── ImageUnavailable      an image can't be had, or isn't one
    ├── ExecutorUnavailable   no container can be started here
    ├── NotCached             something would have to run, and nothing may
    └── OutputError           a result can't be written where it was asked for

`tools` and `agent` add their own below `PlanError` and `UsageError`. A step that fails is not an
error but data: see `shunter.engine.actions.failure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shunter.engine.plan.problem import Problem


class ShunterError(Exception):
    """Anything that a person can mend: what happened, and what to do about it.

    `message` names the thing, what was got and what was expected; `hint` says what to do.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ShunterError):
    """The caller asked for something that can't be understood."""


class RunBusy(UsageError):
    """Another process is at the run."""


class PlanError(ShunterError):
    """A plan can't be used as it is."""


class PlanSyntaxError(PlanError):
    """The text is no plan; `line` counts from 1."""

    def __init__(self, message: str, *, hint: str | None = None, line: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.line = line


class PlanRefused(PlanError):
    """The checker found problems, and nothing was started."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = len(problems)
        super().__init__(f"the plan has {count} problem{'' if count == 1 else 's'}; nothing was started")
        self.problems = tuple(problems)


class InputError(ShunterError):
    """A value handed to a run doesn't fit what was declared."""


class StoreError(ShunterError):
    """The home folder can't be read or written."""


class StoreCorrupt(StoreError):
    """Stored content differs from its digest."""


class ImageUnavailable(ShunterError):
    """An image can't be had, or what is there is no image for this machine."""


class ExecutorUnavailable(ShunterError):
    """No container can be started here."""


class NotCached(ShunterError):
    """Something would have to run that the cache doesn't answer, and nothing may; nothing was started."""


class OutputError(ShunterError):
    """A result can't be written where it was asked for."""
