"""What became of each call, each step and the run. A cache hit and a skip are outcomes, not exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import ALWAYS, Lasting
from shunter.engine.digest import Digest
from shunter.engine.values import File, Value

if TYPE_CHECKING:
    from shunter.engine.egress.record import Asked
    from shunter.engine.store.left import Left


class Outcome(Enum):
    """What became of a call or a step."""

    EXECUTED = "executed"
    CACHED = "cached"
    FAILED = "failed"
    SKIPPED = "skipped"  # not started, since something before it failed


class Status(Enum):
    """What became of a run."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CallReport:
    """One call: a step's only one, or the one for element `index` of a mapped step.

    `seconds` is wall clock, next to nothing for a cached call; `value` is None unless it succeeded.
    `asked` is what it wanted of the network, `left` what is kept of the folder of one that failed. `bound` is
    how far its calls allow the result to be given again.
    """

    step: str
    index: int | None
    outcome: Outcome
    key: Digest | None
    seconds: float
    value: Value = None
    failure: Failure | None = None
    stdout: File | None = None
    stderr: File | None = None
    asked: tuple[Asked, ...] = ()
    left: Left | None = None
    bound: Lasting = ALWAYS


@dataclass(frozen=True, slots=True)
class StepReport:
    """A step with its calls. It failed if a call failed, and is cached if all of them are."""

    id: str
    call: str
    outcome: Outcome
    seconds: float
    calls: tuple[CallReport, ...]

    @property
    def failures(self) -> tuple[CallReport, ...]:
        """The calls that failed, in order."""
        return tuple(call for call in self.calls if call.failure is not None)


@dataclass(frozen=True, slots=True)
class RunReport:
    """A whole run; `outputs` are there only where it is done.

    `failure` is one that belongs to no step: an output that isn't what the plan says.
    """

    status: Status
    steps: tuple[StepReport, ...]
    outputs: Mapping[str, Value]
    seconds: float
    failure: Failure | None = None


def step_outcome(calls: tuple[CallReport, ...], *, started: bool) -> Outcome:
    """What became of a step with these calls; `started` tells an empty list from a step never reached."""
    if any(call.outcome is Outcome.FAILED for call in calls):
        return Outcome.FAILED
    if not started or any(call.outcome is Outcome.SKIPPED for call in calls):
        return Outcome.SKIPPED
    if all(call.outcome is Outcome.CACHED for call in calls):
        return Outcome.CACHED
    return Outcome.EXECUTED
