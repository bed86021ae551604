"""What became of a case, as one line of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from pydantic import Field

from shunter.evals.case.reach import Reach
from shunter.evals.case.strict import Data, Strict


class CaseStatus(Enum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"


class CheckRecord(Strict):
    """One check; `why` where it didn't pass, `crashed` where it broke itself."""

    check: str
    passed: bool
    why: str = ""
    crashed: bool = False


class Trouble(Strict):
    """What ended a case early: an error's kind and message, and where it came from if nobody meant it."""

    kind: str
    message: str
    trace: tuple[str, ...] = ()


class Calls(Strict):
    """How many calls had which outcome, in all runs of the case."""

    executed: int = 0
    cached: int = 0
    failed: int = 0


class Record(Strict):
    """One case, once.

    `reach` of PLAN is a case that was only assembled: it passed where its plan did.
    `asked` is how often the planner was asked, `tokens` None where it counts none; `plan` the last plan that
    passed the checker; `seconds` all that the case took but for installing, `planning` the planner's part of
    it. `digest` is the case's own, as it was written then.
    """

    case: str
    epoch: int = Field(ge=1)
    digest: str
    status: CaseStatus
    reach: Reach = Reach.RUN
    planner: str | None
    valid: bool
    checks: tuple[CheckRecord, ...] = ()
    trouble: Trouble | None = None
    asked: int = 0
    runs: tuple[str, ...] = ()
    calls: Calls = Calls()
    tokens: int | None = None
    planning: float = 0.0
    seconds: float = 0.0
    plan: Mapping[str, Data] | None = None

    @property
    def suite(self) -> str:
        """The suite's name."""
        return self.case.partition("/")[0]

    @property
    def replans(self) -> int:
        """How often the planner was asked again, after the checker's word or a failure."""
        return max(0, self.asked - 1)

    @property
    def why(self) -> str:
        """The first thing that is wrong, in one line; empty where it passed."""
        if self.trouble is not None:
            lines = self.trouble.message.splitlines() or [""]
            return f"{self.trouble.kind}: {lines[0]}"
        return next((f"{check.check}: {check.why}" for check in self.checks if not check.passed), "")
