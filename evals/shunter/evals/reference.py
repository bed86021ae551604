"""A planner that knows the answers: it proposes what a suite says is right, to try its checks."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.agent.planners.protocol import Answer, Missing, Proposal, Task
from shunter.engine.plan.expression import Reference
from shunter.engine.plan.model import Input, Plan
from shunter.evals.case.suite import Case


class ReferencePlanner:
    """Proposes the plan that is right for each case, with the value of every step as an output."""

    name = "reference"

    def __init__(self, cases: Iterable[Case]) -> None:
        self._graphs = {
            (case.written.goal, frozenset(case.written.inputs)): case.written.right for case in cases
        }

    def plan(self, task: Task) -> Answer:
        """The right plan of the case with this goal and these inputs, again and again."""
        graph = self._graphs.get((task.goal.text, frozenset(task.goal.inputs)))
        if graph is None:
            return Missing("the case has no reference, nor a plan that it accepts")
        plan = Plan(
            version=1,
            goal=task.goal.text,
            inputs={name: Input(type=kind) for name, kind in task.goal.inputs.items()},
            steps=graph.steps,
            outputs={step.id: Reference(step.id) for step in graph.steps},
        )
        return Proposal(plan)
