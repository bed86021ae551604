"""Two planners as one: the second is asked where the first can't be asked, or can't mend its plan."""

from __future__ import annotations

from dataclasses import replace

from shunter.agent.errors import PlannerUnavailable
from shunter.agent.planners.protocol import Answer, Missing, Planner, Proposal, Task


class FallbackPlanner:
    """`name` is that of the planner whose answer was given last.

    A first planner that says that something is missing has the last word.
    """

    def __init__(self, first: Planner, second: Planner) -> None:
        self._first = first
        self._second = second
        self.name = first.name

    def plan(self, task: Task) -> Answer:
        """The first planner's answer, else the second's with a note.

        Where the second has none either, what kept the first from answering stands: PlannerUnavailable is
        raised.
        """
        self.name = self._first.name
        try:
            answer = self._first.plan(task)
        except PlannerUnavailable as error:
            instead = self._instead(task, f"{self._first.name} planner: {error.message}")
            if isinstance(instead, Missing):
                raise
            return instead
        if isinstance(answer, Missing) and answer.refused:
            instead = self._instead(task, f"{self._first.name} planner: {answer.text}")
            return answer if isinstance(instead, Missing) else replace(instead, usage=answer.usage)
        return answer

    def _instead(self, task: Task, why: str) -> Answer:
        answer = self._second.plan(task)
        if isinstance(answer, Missing):
            return answer
        self.name = self._second.name
        if isinstance(answer, Proposal):
            return replace(
                answer, notes=(f"planned by the {self.name} planner instead ({why})", *answer.notes)
            )
        return answer
