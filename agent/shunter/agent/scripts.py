"""GPTScript files in a workspace: read, linked, and then planned or run.

    with Workspace() as workspace:
        script = open_script(workspace, "talk.gpt")
        pursuit = script.pursue(recording="talk.wav")
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.planners.protocol import Answer, Choice, Planner, Proposal, Question, Task
from shunter.agent.request import Request
from shunter.engine.digest import JsonValue
from shunter.engine.plan.model import Plan
from shunter.engine.types import Directory
from shunter.engine.values import encode
from shunter.instructions.goal import Goal, GoalLimits
from shunter.instructions.gptscript.arguments import argument_offers, missing_arguments
from shunter.instructions.gptscript.direct import direct_plan
from shunter.instructions.gptscript.document import ParseError
from shunter.instructions.gptscript.link import link
from shunter.instructions.gptscript.program import Program
from shunter.instructions.gptscript.threading import plain, threaded
from shunter.instructions.offers import Offer
from shunter.tools.modules.function import WORKSPACE

if TYPE_CHECKING:
    from shunter.agent.workspace import Workspace
    from shunter.engine.run.events import Observer

ENDING = ".gpt"


@dataclass(frozen=True)
class ReadyScript:
    """A script that can be planned or run in `workspace`."""

    workspace: Workspace
    program: Program

    def request(self, given: Sequence[tuple[str, str]], limits: GoalLimits = GoalLimits()) -> ScriptRequest:
        """The goal with values for the arguments, as they are written on a command line."""
        offers = argument_offers(self.program, given, self.workspace.store)
        return ScriptRequest(self, offers, limits)

    def missing(self, given: Mapping[str, object]) -> list[str]:
        """The arguments that it can't be run without."""
        return missing_arguments(self.program, given)


@dataclass(frozen=True)
class ScriptRequest:
    """A script with values for its arguments."""

    script: ReadyScript
    offers: Mapping[str, Offer]
    limits: GoalLimits = GoalLimits()

    @property
    def workspace(self) -> Workspace:
        """The workspace with the script's own functions in its catalogue."""
        given = {name: offer.type for name, offer in self.offers.items()}
        return self.script.workspace.including(self.script.program.modules(given))

    @property
    def request(self) -> Request:
        """What a loop is asked."""
        program = self.script.program
        types = {**program.types, **{name: offer.type for name, offer in self.offers.items()}}
        goal = Goal(program.goal, types, functions=program.allowed, limits=self.limits)
        return Request(goal, {name: offer.value for name, offer in self.offers.items()})

    @property
    def plan(self) -> Plan | None:
        """The whole plan, where the script is a command."""
        function = self.script.program.direct
        if function is None:
            return None
        (module,) = self.script.program.modules({name: offer.type for name, offer in self.offers.items()})
        (function,) = module.functions.values()
        plan = direct_plan(function.signature, self.offers.keys())
        plan = plan.model_copy(update={"goal": self.script.program.entry.description or None})
        return threaded(plan, self.script.program.access, given=WORKSPACE in self.offers)

    def planner(self, inner: Planner) -> Planner:
        """`inner`, whose plans have the workspace put into them."""
        return ScriptPlanner(inner, self.script.program) if self.script.program.uses_workspace else inner


class ScriptPlanner:
    """A planner that sees a script's functions without the workspace, which is threaded through its plans."""

    def __init__(self, inner: Planner, program: Program) -> None:
        self._inner = inner
        self._program = program
        self._proposed: list[tuple[Plan, Plan]] = []

    @property
    def name(self) -> str:
        """The planner's own name."""
        return self._inner.name

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
        attempts = tuple(
            replace(attempt, plan=self._as_proposed(attempt.plan)) for attempt in task.attempts
        )
        answer = self._inner.plan(Task(replace(task.goal, inputs=inputs), functions, attempts))
        match answer:
            case Proposal():
                return self._threaded(answer, given=given)
            case Question(text, choices):
                return Question(
                    text,
                    tuple(
                        Choice(choice.text, self._threaded(choice.proposal, given=given)) for choice in choices
                    ),
                )
        return answer

    def _threaded(self, proposal: Proposal, *, given: bool) -> Proposal:
        plans = [threaded(plan, self._program.access, given=given) for plan in (proposal.plan, *proposal.others)]
        self._proposed += zip(plans, (proposal.plan, *proposal.others), strict=True)
        return replace(proposal, plan=plans[0], others=tuple(plans[1:]))

    def _as_proposed(self, plan: Plan) -> Plan:
        return next((before for after, before in self._proposed if after == plan), plan)


def is_script(target: str) -> bool:
    """Whether the words are the path of a GPTScript file."""
    return target.lower().endswith(ENDING) and (os.path.exists(target) or not any(map(str.isspace, target)))


def open_script(workspace: Workspace, path: Path | str, *, observer: Observer | None = None) -> ReadyScript:
    """The script in a file, parsed in a container and linked; raises ScriptRefused or InputError."""

    def parse(content: bytes) -> JsonValue:
        from shunter.engine.actions.failure import Failure, FailureKind
        from shunter.engine.errors import ExecutorUnavailable

        file = workspace.store.put_bytes(content, f"script{ENDING}")
        answer = workspace.compute("gptscript.parse", {"script": file}, observer=observer)
        if not isinstance(answer, Failure):
            return encode(answer)
        if answer.kind is FailureKind.EXIT:
            raise ParseError(answer.stderr.strip() or answer.message)
        raise ExecutorUnavailable(f"the script can't be parsed: {answer.message}", hint=answer.hint)

    return ReadyScript(workspace, link(Path(path), parse, workspace.catalogue))
