"""What happens during a run, told as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.run.outcome import CallReport, RunReport, StepReport
from shunter.engine.values import Value

if TYPE_CHECKING:
    from shunter.engine.run.job import Place


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The steps, as (id, function), in the order in which they can run."""

    steps: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step has its arguments; `calls` is how many calls it makes."""

    step: str
    call: str
    calls: int


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A container is about to start for a call that isn't in the cache."""

    step: str
    index: int | None


@dataclass(frozen=True, slots=True)
class PreparationStarted:
    """An environment is being built, for the first time, for a step that needs it."""

    label: str


@dataclass(frozen=True, slots=True)
class PreparationFinished:
    """An environment is ready or failed; `seconds` is wall clock. One that was built has a key and value."""

    label: str
    seconds: float
    succeeded: bool
    key: Digest | None = None
    value: Value = None


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call has an outcome."""

    report: CallReport


@dataclass(frozen=True, slots=True)
class NestedStarted:
    """A step calls a function while it runs, and the cache has no answer."""

    place: Place
    call: str


@dataclass(frozen=True, slots=True)
class NestedFinished:
    """A call that a step made while it runs has an outcome; the report has the step that it stands below."""

    place: Place
    call: str
    report: CallReport


@dataclass(frozen=True, slots=True)
class StepFinished:
    """All calls of a step have an outcome."""

    report: StepReport


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over."""

    report: RunReport


Event: TypeAlias = (
    RunStarted
    | StepStarted
    | CallStarted
    | PreparationStarted
    | PreparationFinished
    | CallFinished
    | NestedStarted
    | NestedFinished
    | StepFinished
    | RunFinished
)


class Observer(Protocol):
    """Anything that wants to know; it must be quick.

    All events of a run come from one thread: first, while the cache answers, without an event loop, and from
    the call that is started first on from inside of the loop.
    """

    def notify(self, event: Event) -> None:
        """Take note of `event`."""
        ...
