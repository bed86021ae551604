"""The embedded planner."""

from __future__ import annotations

from shunter.agent.planners.embedded.compose import compose
from shunter.agent.planners.embedded.profile import Lexicon, lexicon_of
from shunter.agent.planners.embedded.search import search
from shunter.agent.planners.embedded.segments import take_apart
from shunter.agent.planners.embedded.wiring import Bridges
from shunter.agent.planners.protocol import Answer, Missing, Proposal, Task
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.check import check_plan


class EmbeddedPlanner:
    """Plans without a model."""

    name = "embedded"

    def __init__(self) -> None:
        self._lexicon: tuple[object, Lexicon] | None = None

    def plan(self, task: Task) -> Answer:
        """A plan, or what is missing."""
        lexicon = self._lexicon_of(task)
        text = take_apart(task.goal.text[:4000], lexicon)
        plans = []
        for found in search(text, lexicon, self._bridges, task.goal.inputs):
            plan, reasons = compose(found, text, task.goal.text, task.goal.inputs)
            try:
                check_plan(plan, task.functions)
            except PlanRefused:
                continue
            plans.append((plan, reasons, found.score))
        if not plans:
            return Missing("no functions were found for this goal")
        plan, reasons, _ = plans[0]
        return Proposal(plan, reasons, tuple(other for other, _, _ in plans[1:]))

    def _lexicon_of(self, task: Task) -> Lexicon:
        key = tuple(task.functions.values())
        if self._lexicon is None or self._lexicon[0] != key:
            self._lexicon = (key, lexicon_of(task.functions))
            self._bridges = Bridges(list(task.functions.values()))
        return self._lexicon[1]
