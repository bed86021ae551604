"""GPTScript files in a workspace: read, linked, and then planned or run.

with Workspace() as workspace:
    pursuit = open_script(workspace, "talk.gpt").pursue(recording="talk.wav")
    pursuit.run.save(Path("out"))
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.planners.protocol import Planner
from shunter.agent.recorded import Origin
from shunter.agent.request import Request
from shunter.agent.script_planner import ScriptPlanner
from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.digest import JsonValue
from shunter.engine.errors import ExecutorUnavailable, NotCached, UsageError
from shunter.engine.plan.model import Plan
from shunter.engine.types import Str
from shunter.engine.values import encode
from shunter.instructions.goal import Goal, GoalLimits
from shunter.instructions.gptscript.arguments import argument_offers, missing_arguments
from shunter.instructions.gptscript.direct import direct_plan
from shunter.instructions.gptscript.document import ParseError
from shunter.instructions.gptscript.link import link
from shunter.instructions.gptscript.names import ENDING
from shunter.instructions.gptscript.program import Program
from shunter.instructions.gptscript.threading import threaded
from shunter.instructions.offers import Offer
from shunter.tools.modules.function import WORKSPACE

if TYPE_CHECKING:
    from shunter.agent.approval import Allowed
    from shunter.agent.pursuit import Pursuit
    from shunter.agent.workspace import Workspace
    from shunter.engine.run.events import Observer


@dataclass(frozen=True)
class ReadyScript:
    """A script that can be planned or run in `workspace`."""

    workspace: Workspace
    program: Program

    def request(self, given: Sequence[tuple[str, str]], limits: GoalLimits | None = None) -> ScriptRequest:
        """The goal with values for the arguments, as they are written on a command line."""
        offers = argument_offers(self.program, given, self.workspace.store)
        return ScriptRequest(self, offers, limits or GoalLimits())

    def pursue(
        self,
        *,
        planner: Planner | None = None,
        allowed: Allowed | None = None,
        **given: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    ) -> Pursuit:
        """Plan and run it with nobody to ask; `given` are texts and paths, or lists of them.

        Raises UsageError and InputError for arguments, and what `Workspace.pursue` and `run` raise.
        """
        from shunter.agent.pursuit import Pursuit

        request = self.request([*_written(given)])
        if missing := self.missing(request.offers):
            raise UsageError(f"{self.program.path} needs {', '.join(missing)}")
        workspace, plan = request.workspace, request.plan
        if plan is None:
            inner = planner or _default_planner()
            return workspace.pursue(request.request, planner=request.planner(inner), allowed=allowed)
        values = request.request.values_for(plan)
        return Pursuit(None, (workspace.run(workspace.check(plan), values, allowed=allowed),))

    def missing(self, given: Mapping[str, object]) -> list[str]:
        """The arguments that it can't be run without."""
        return missing_arguments(self.program, given)


@dataclass(frozen=True)
class ScriptRequest:
    """A script with values for its arguments."""

    script: ReadyScript
    offers: Mapping[str, Offer]
    limits: GoalLimits

    @property
    def workspace(self) -> Workspace:
        """The workspace with the script's own functions in its catalogue."""
        given = {name: offer.type for name, offer in self.offers.items()}
        program = self.script.program
        return self.script.workspace.including(program.modules(given), origin=Origin(program.path, given))

    @property
    def open_request(self) -> Request:
        """What a loop is asked that only plans: arguments without a value are text."""
        request = self.request
        absent = dict.fromkeys(self.script.program.arguments, Str())
        return replace(request, goal=replace(request.goal, inputs={**absent, **request.goal.inputs}))

    @property
    def request(self) -> Request:
        """What a loop is asked."""
        program = self.script.program
        types = {**program.types, **{name: offer.type for name, offer in self.offers.items()}}
        goal = Goal(
            program.goal, types, functions=program.allowed, single=program.writers, limits=self.limits
        )
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


def _written(
    given: Mapping[str, str | os.PathLike[str] | Sequence[str | os.PathLike[str]]],
) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        for item in [value] if isinstance(value, str | os.PathLike) else value:
            yield name, os.fspath(item)


def _default_planner() -> Planner:
    from shunter.agent.planners.choose import PlannerKind, choose_planner

    planner, _ = choose_planner(PlannerKind.AUTO)
    return planner


def open_script(workspace: Workspace, path: Path | str, *, observer: Observer | None = None) -> ReadyScript:
    """The script in a file, parsed in a container and linked; raises ScriptRefused or InputError."""

    def parse(content: bytes) -> JsonValue:
        file = workspace.store.put_bytes(content, f"script{ENDING}")
        answer = workspace.compute("gptscript.parse", {"script": file}, observer=observer)
        if not isinstance(answer, Failure):
            return encode(answer)
        if answer.kind is FailureKind.EXIT:
            raise ParseError(answer.stderr.strip() or answer.message)
        if answer.kind is FailureKind.NOT_CACHED:
            raise NotCached(
                f"the script wasn't parsed before, and nothing may run: {answer.message}",
                hint="run it once without --offline",
            )
        raise ExecutorUnavailable(f"the script can't be parsed: {answer.message}", hint=answer.hint)

    return ReadyScript(workspace, link(Path(path), parse, workspace.catalogue))
