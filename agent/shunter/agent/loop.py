"""The loop: plan, check, approve, run; after a failure, diagnose, and plan again."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from shunter.agent.approval import Allowed
from shunter.agent.diagnosis import diagnose
from shunter.agent.dialogue import Dialogue, Unattended
from shunter.agent.errors import NoPlan, Refused
from shunter.agent.planners.protocol import Answer, Attempt, Missing, Planner, Proposal, Question, Task
from shunter.agent.pursuit import Pursuit
from shunter.agent.ready import ReadyPlan
from shunter.agent.request import Request, call_problems, input_problems, output_problems
from shunter.agent.run import Run
from shunter.agent.scope import Scope
from shunter.engine.digest import JsonValue
from shunter.engine.errors import PlanRefused, UsageError
from shunter.engine.plan.capabilities import ANY_SECRET, function_and_source, required_by
from shunter.engine.plan.model import Input, Plan, Requires
from shunter.engine.plan.problem import Code, Problem
from shunter.engine.plan.write import plan_data
from shunter.engine.run.events import Observer
from shunter.engine.run.outcome import Status
from shunter.engine.run.reuse import EveryStep
from shunter.engine.run.scheduler import OnFailure
from shunter.engine.types import holds_secret
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch

if TYPE_CHECKING:
    from shunter.agent.workspace import Workspace

REPAIRS = 2
"""How often a planner may mend what the checker refused, before that counts as its last word."""


@dataclass(frozen=True)
class Assembled:
    """A plan that passed the checker, and how it was come by."""

    ready: ReadyPlan
    proposal: Proposal


@dataclass
class Loop:
    """Works towards goals in a workspace, with one planner and for one person."""

    workspace: Workspace
    planner: Planner
    dialogue: Dialogue = field(default_factory=Unattended)
    allowed: Allowed = field(default_factory=Allowed)
    observer: Observer | None = None
    on_failure: OnFailure = OnFailure.STOP
    fresh: frozenset[str] | EveryStep = frozenset()
    about: Mapping[str, JsonValue] = field(default_factory=dict)

    def assemble(self, request: Request, attempts: Sequence[Attempt] = ()) -> Assembled:
        """A checked plan.

        Raises NoPlan, PlannerUnavailable, and PlanRefused where the planner can't mend what the checker
        found.
        """
        tried = list(attempts)
        for repair in range(REPAIRS + 1):
            proposal = self._chosen(self._ask(request, tried))
            try:
                return self._checked(request, proposal)
            except PlanRefused as refused:
                if repair == REPAIRS:
                    raise
                tried.append(Attempt(proposal.plan, problems=refused.problems))
        raise AssertionError("the last round returns or raises")

    def pursue(self, request: Request) -> Pursuit:
        """Plan and run until a run succeeds or nothing is left to try; raises what `assemble` and runs raise.

        Raises Refused where the first plan may do more than is allowed.
        """
        limits = request.goal.limits
        deadline = None if limits.seconds is None else time.monotonic() + limits.seconds
        scope: Scope | None = None
        attempts: list[Attempt] = []
        runs: list[Run] = []
        while True:
            try:
                assembled = self.assemble(request, attempts)
            except (NoPlan, PlanRefused) as error:
                if not runs:
                    raise
                return Pursuit(self.planner.name, tuple(runs), f"no other plan was found: {error.message}")
            ready = assembled.ready
            if any(_graph(ready.plan) == _graph(attempt.plan) for attempt in attempts):
                return Pursuit(self.planner.name, tuple(runs), "the planner proposed the same plan again")
            values = request.values_for(ready.plan)
            wanted = ready.wanted(values)
            if scope is not None and (wider := scope.exceeded(ready, wanted)):
                return Pursuit(self.planner.name, tuple(runs), f"the next plan would do more: {wider}")
            self.dialogue.proposed(ready, assembled.proposal, len(runs) + 1)
            if scope is None:
                scope = Scope.of(ready, self._approved(wanted), request.goal, self.workspace.catalogue)
            run = self._run(ready, values, scope, len(runs) + 1)
            runs.append(run)
            if run.report.status is not Status.FAILED or not (failures := diagnose(ready, run.report)):
                return Pursuit(self.planner.name, tuple(runs))
            if len(runs) >= limits.attempts:
                return Pursuit(self.planner.name, tuple(runs), _after(len(runs)))
            if deadline is not None and time.monotonic() > deadline:
                return Pursuit(self.planner.name, tuple(runs), f"the {limits.seconds:g} seconds are over")
            self.dialogue.failed(failures)
            attempts.append(Attempt(ready.plan, failures=failures))

    def _ask(self, request: Request, attempts: Sequence[Attempt]) -> Answer:
        allowed = request.goal.modules
        for unknown in sorted((allowed or frozenset()) - self.workspace.catalogue.names):
            raise UsageError(f"there is no module {unknown!r}", hint="`shunter functions` lists them")
        functions = {
            name: signature
            for name, signature in self.workspace.catalogue.items()
            if request.goal.allows(name)
        }
        return self.planner.plan(Task(request.goal, functions, tuple(attempts)))

    def _chosen(self, answer: Answer) -> Proposal:
        match answer:
            case Missing():
                raise NoPlan(answer)
            case Question(text, choices):
                chosen = self.dialogue.choose(answer)
                if chosen is not None:
                    return choices[chosen].proposal
                others = "; ".join(choice.text for choice in choices[1:])
                return _with_note(choices[0].proposal, f"{text} Took: {choices[0].text}. Or: {others}")
            case Proposal():
                return answer

    def _checked(self, request: Request, proposal: Proposal) -> Assembled:
        plan = proposal.plan
        problems = [
            *input_problems(plan, request.goal),
            *output_problems(plan, request.goal),
            *call_problems(plan, request.goal),
        ]
        if len(plan.steps) > request.goal.limits.steps:
            problems.append(_too_long(len(plan.steps), request.goal.limits.steps))
        if problems:
            raise PlanRefused(problems)
        ready = self.workspace.check(plan)
        if named := [name for name, declared in plan.inputs.items() if _names_secret(declared)]:
            problems = [Problem(Code.SECRET, f"inputs.{name}", _NO_SOURCE) for name in named]
            raise PlanRefused(problems)
        if any(function_and_source(gift)[1] != ANY_SECRET for gift in ready.requires.secrets):
            raise PlanRefused([Problem(Code.SECRET, "steps", _NO_SOURCE)])
        try:
            required_by(ready.checked.steps, request.values_for(plan))
        except Mismatch as mismatch:  # whose value is no planner's business
            message = f"an input goes to {mismatch.where}, which takes a URL or a host, and holds none"
            raise PlanRefused([Problem(Code.HOST, "inputs", message)]) from None
        return Assembled(ready, proposal)

    def _approved(self, wanted: Requires) -> Requires:
        """What may be done from now on, where it is allowed or the person says so; raises Refused."""
        lacking = self.allowed.lacking(wanted)
        if lacking != Requires() and not self.dialogue.allow(lacking):
            raise Refused(lacking)
        return self.allowed.also(lacking).of(wanted)

    def _run(self, ready: ReadyPlan, values: Mapping[str, Value], scope: Scope, attempt: int) -> Run:
        return self.workspace.run(
            ready,
            values,
            observer=self.observer,
            on_failure=self.on_failure,
            allowed=Allowed(scope.requires),
            about={**self.about, "planner": self.planner.name, "attempt": attempt},
            fresh=self.fresh if attempt == 1 else frozenset(),
        )


_NO_SOURCE: Final = "whoever has the goal gives the secrets, and no plan for it names one: wire an input"


def _names_secret(declared: Input) -> bool:
    return holds_secret(declared.type) and declared.default is not None


def _with_note(proposal: Proposal, note: str) -> Proposal:
    return replace(proposal, notes=(*proposal.notes, note))


def _too_long(steps: int, limit: int) -> Problem:
    return Problem(Code.STRUCTURE, "steps", f"the plan has {steps} steps; the goal's limit is {limit}")


def _after(attempts: int) -> str:
    return f"{attempts} plans were tried" if attempts > 1 else "one plan was allowed"


def _graph(plan: Plan) -> object:
    """What decides what a plan does: without what is only for people."""
    return plan_data(plan.model_copy(update={"goal": None, "modules": {}, "requires": None}))
