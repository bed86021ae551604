"""A planner with a meter: how often it was asked, how long it took, what it spent."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from shunter.agent.planners.protocol import Answer, Missing, Planner, Proposal, Question, Task

_SPENT = re.compile(r"requests?, ([\d,]+) tokens")


class MeteredPlanner:
    """Counts for one case. `tokens` is None as long as the planner has named none."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self.name = planner.name
        self.asked = 0
        self.seconds = 0.0
        self.tokens: int | None = None

    def plan(self, task: Task) -> Answer:
        """The planner's answer."""
        self.asked += 1
        began = time.monotonic()
        try:
            answer = self._planner.plan(task)
        finally:
            self.seconds += time.monotonic() - began
            self.name = self._planner.name
        for text in _said(answer):
            self._count(text)
        return answer

    def _count(self, text: str) -> None:
        found = _SPENT.search(text)
        if found:
            self.tokens = (self.tokens or 0) + int(found[1].replace(",", ""))


def _said(answer: Answer) -> Iterable[str]:
    """Where planners say what they spent."""
    match answer:
        case Proposal():
            return answer.notes
        case Missing():
            return [answer.text]
        case Question():
            return answer.choices[0].proposal.notes
