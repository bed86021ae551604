"""A planner for scripts whose tools share a workspace."""

from __future__ import annotations

from dataclasses import replace

from shunter.agent.planners.protocol import Answer, Choice, Planner, Proposal, Question, Task
from shunter.engine.plan.model import Plan
from shunter.engine.types import Directory
from shunter.instructions.gptscript.program import Program
from shunter.instructions.gptscript.threading import plain, threaded
from shunter.tools.modules.function import WORKSPACE


class ScriptPlanner:
    """A planner that sees a script's functions without the workspace, which is threaded through its plans."""

    def __init__(self, inner: Planner, program: Program) -> None:
        self._inner = inner
        self._program = program
        self._proposed: list[tuple[Plan, Plan]] = []
        self.name = inner.name

    def plan(self, task: Task) -> Answer:
        """The planner's answer, with the workspace in its plans."""
        access = self._program.access
        functions = {
            name: plain(signature) if name in access else signature
            for name, signature in task.functions.items()
        }
        inputs = dict(task.goal.inputs)
        given = isinstance(inputs.get(WORKSPACE), Directory)
        if given and not any(
            isinstance(item.type, Directory) for known in functions.values() for item in known.parameters
        ):
            del inputs[WORKSPACE]
        attempts = tuple(replace(attempt, plan=self._as_proposed(attempt.plan)) for attempt in task.attempts)
        answer = self._inner.plan(Task(replace(task.goal, inputs=inputs), functions, attempts))
        self.name = self._inner.name
        match answer:
            case Proposal():
                return self._threaded(answer, given=given)
            case Question(choices=choices):
                threads = tuple(
                    Choice(choice.text, self._threaded(choice.proposal, given=given)) for choice in choices
                )
                return replace(answer, choices=threads)
        return answer

    def _threaded(self, proposal: Proposal, *, given: bool) -> Proposal:
        plans = [
            threaded(plan, self._program.access, given=given) for plan in (proposal.plan, *proposal.others)
        ]
        self._proposed += zip(plans, (proposal.plan, *proposal.others), strict=True)
        return replace(proposal, plan=plans[0], others=tuple(plans[1:]))

    def _as_proposed(self, plan: Plan) -> Plan:
        return next((before for after, before in self._proposed if after == plan), plan)
