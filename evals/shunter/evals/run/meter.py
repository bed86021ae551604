"""A planner with a meter: how often it was asked, how long it took, what it spent."""

from __future__ import annotations

import time

from shunter.agent.planners.protocol import Answer, Planner, Task


class MeteredPlanner:
    """Counts for one case. `tokens` is None as long as the planner has counted none."""

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
        if answer.usage is not None:
            self.tokens = (self.tokens or 0) + answer.usage.tokens
        return answer
