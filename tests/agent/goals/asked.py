"""A planner that is asked for a case's goal."""

from __future__ import annotations

from tests.agent.goals.suite import GoalCase, bundled

from shunter.agent.planners.protocol import Missing, Planner, Question, Task
from shunter.engine.plan.model import Plan
from shunter.instructions.goal import Goal


def goal_of(case: GoalCase) -> Goal:
    """What a person asks for."""
    return Goal(case.goal, {name: given.type for name, given in case.inputs.items()})


def planned(planner: Planner, case: GoalCase) -> Plan | None:
    """The plan that is proposed, or the first of those that are asked about."""
    answer = planner.plan(Task(goal_of(case), dict(bundled())))
    if isinstance(answer, Question):
        answer = answer.choices[0].proposal
    return None if isinstance(answer, Missing) else answer.plan
