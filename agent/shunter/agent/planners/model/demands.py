"""What a goal demands of a plan beyond what the checker looks at."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.model.shape import same_work
from shunter.agent.planners.protocol import Task
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.plan.expression import references
from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Problem
from shunter.engine.types import fits


def unmet(plan: Plan, checked: CheckedPlan, task: Task) -> Iterator[Problem]:
    """What keeps a checked plan from being an answer to the task."""
    goal = task.goal
    if not plan.outputs:
        yield Problem(
            Code.STRUCTURE, "outputs", "the plan gives no value: name the step that makes the result"
        )
    if len(plan.steps) > goal.limits.steps:
        message = f"there are {len(plan.steps)} steps, and {goal.limits.steps} are allowed"
        yield Problem(Code.STRUCTURE, "steps", message)
    for name, wanted in goal.outputs.items():
        given = checked.output_types.get(name)
        if given is None:
            yield Problem(Code.MISSING_ARGUMENT, "outputs", f"the output {name} is wanted and isn't there")
        elif wanted is not None and not fits(given, wanted):
            message = "the output isn't of the type that is wanted"
            yield Problem(Code.TYPE, f"outputs.{name}", message, expected=str(wanted), got=str(given))
    if any(same_work(plan, attempt.plan) for attempt in task.attempts):
        yield Problem(Code.STRUCTURE, "the plan", "it is one that was tried and didn't work: change it")


def unused(plan: Plan, task: Task) -> Iterator[Problem]:
    """Steps and inputs that nothing comes of: a sign of a wrong plan, and no more than that."""
    values = [item for step in plan.steps for item in (*step.with_.values(), *step.each.values())]
    used = {each.name for value in [*values, *plan.outputs.values()] for each in references(value)}
    for step in plan.steps:
        if step.id not in used and not task.functions[step.call].effects:
            yield Problem(Code.STRUCTURE, f"steps.{step.id}", "nothing uses what this step makes")
    for name in plan.inputs:
        if name not in used:
            yield Problem(Code.STRUCTURE, f"inputs.{name}", "nothing uses this input")
