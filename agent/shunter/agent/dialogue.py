"""The boundary between the loop and the person whom it works for."""

from __future__ import annotations

from typing import Protocol

from shunter.agent.planners.protocol import Proposal, Question, StepFailure
from shunter.agent.ready import ReadyPlan
from shunter.engine.plan.model import Requires


class Dialogue(Protocol):
    """What the loop tells and asks, in the order in which it comes."""

    def choose(self, question: Question) -> int | None:
        """The index of the choice to take; None where nobody can be asked."""
        ...

    def proposed(self, ready: ReadyPlan, proposal: Proposal, attempt: int) -> None:
        """A plan passed the checker; `attempt` counts from 1."""
        ...

    def allow(self, lacking: Requires) -> bool:
        """Whether the plan may do what wasn't allowed beforehand."""
        ...

    def failed(self, failures: tuple[StepFailure, ...]) -> None:
        """Steps failed, and another plan is looked for."""
        ...


class Unattended:
    """Nobody is there: no question is answered, and nothing more is allowed."""

    def choose(self, question: Question) -> int | None:
        """Nobody can be asked."""
        return None

    def proposed(self, ready: ReadyPlan, proposal: Proposal, attempt: int) -> None:
        """Nobody looks."""

    def allow(self, lacking: Requires) -> bool:
        """Nobody could."""
        return False

    def failed(self, failures: tuple[StepFailure, ...]) -> None:
        """Nobody looks."""
