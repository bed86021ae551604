"""One case, once: from its goal to its record."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shunter.agent import Run, Workspace
from shunter.agent.errors import Refused
from shunter.agent.loop import Loop
from shunter.agent.planners.protocol import Planner
from shunter.agent.pursuit import Pursuit
from shunter.agent.request import Request
from shunter.agent.run import Observers
from shunter.agent.scripts import ScriptRequest, open_script
from shunter.engine.errors import InputError, PlanError, PlanRefused, ShunterError, UsageError
from shunter.engine.plan.model import Plan
from shunter.engine.plan.write import plan_data
from shunter.engine.run.events import Observer
from shunter.engine.run.outcome import Status
from shunter.evals.case.reach import Reach
from shunter.evals.case.suite import Case
from shunter.evals.checks.plan import plan_checks
from shunter.evals.checks.results import result_checks
from shunter.evals.checks.verdict import Verdict, verdicts
from shunter.evals.run.meter import MeteredPlanner
from shunter.evals.run.record import Calls, CaseStatus, CheckRecord, Record, Trouble
from shunter.evals.run.watch import CallCounter, Watch, Witness
from shunter.instructions.goal import Goal, GoalLimits
from shunter.instructions.offers import Offer

_TRACE_LINES = 12
_CASES_OWN = (PlanError, InputError, UsageError, Refused)
"""What a goal, its plan or its inputs are to blame for; the rest is the machine's or the endpoint's."""


class Interrupted(Exception):
    """The case was ended from outside, and has no record."""


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a case ended."""

    verdicts: tuple[Verdict, ...] = ()
    runs: tuple[Run, ...] = ()
    trouble: Trouble | None = None
    crashed: bool = False

    @property
    def status(self) -> CaseStatus:
        if self.crashed:
            return CaseStatus.CRASHED
        passed = self.trouble is None and all(verdict.passed for verdict in self.verdicts)
        return CaseStatus.PASSED if passed else CaseStatus.FAILED


@dataclass
class Attempt:
    """A case on its way; `record` never raises but Interrupted."""

    case: Case
    epoch: int
    workspace: Workspace
    planner: Planner
    watch: Watch
    witness: Witness = field(default_factory=Witness)
    counter: CallCounter = field(default_factory=CallCounter)

    def record(self) -> Record:
        """Run the case, and say what became of it."""
        began = time.monotonic()
        metered = MeteredPlanner(self.planner)
        ending = self._ending(metered)
        ready = self.witness.ready
        return Record(
            case=self.case.key,
            epoch=self.epoch,
            digest=self.case.digest,
            status=ending.status,
            reach=self.case.written.reach,
            planner=None if self.case.written.plan else metered.name,
            valid=ready is not None,
            checks=tuple(CheckRecord(**asdict(verdict)) for verdict in ending.verdicts),
            trouble=ending.trouble,
            asked=metered.asked,
            runs=tuple(run.id for run in ending.runs),
            calls=Calls(**asdict(self.counter.calls)),
            tokens=metered.tokens,
            planning=round(metered.seconds, 3),
            seconds=round(time.monotonic() - began - self.watch.installing, 3),
            plan=None if ready is None else plan_data(_bare(ready.plan)),
        )

    def _ending(self, planner: Planner) -> _Ending:
        try:
            if self.case.written.reach is Reach.PLAN:
                return _Ending(tuple(self._judged_plan(self._assemble(planner))))
            pursuit = self._pursue(planner)
            return _Ending(tuple(self._judged(pursuit)), pursuit.runs)
        except asyncio.CancelledError:
            return _Ending(trouble=self._cancelled())
        except ShunterError as error:
            return _Ending(trouble=_trouble(error), crashed=not isinstance(error, _CASES_OWN))
        except Exception as error:  # noqa: BLE001 - a crash in a case is a record
            return _Ending(trouble=_crash(error), crashed=True)

    def _pursue(self, planner: Planner) -> Pursuit:
        written = self.case.written
        if written.plan is not None:
            return self._run_plan(written.plan)
        offers = self.case.offers(self.workspace.store)
        if written.gpt is not None:
            return self._run_script(self.case.folder / written.gpt, offers, planner)
        return self._loop(self.workspace, planner).pursue(self._request(offers))

    def _assemble(self, planner: Planner) -> Plan:
        """A plan that passed the checker, in the time that the case has."""
        request = self._request(self.case.offers(self.workspace.store))
        assembled = self._loop(self.workspace, planner).assemble(request)
        self.witness.proposed(assembled.ready, assembled.proposal, 1)
        if self.watch.over:
            raise asyncio.CancelledError
        return assembled.ready.plan

    def _request(self, offers: Mapping[str, Offer]) -> Request:
        written = self.case.written
        modules = None if written.modules is None else frozenset(written.modules)
        goal = Goal(str(written.goal), self.case.types(offers), modules=modules, limits=self._limits)
        return Request(goal, {name: offer.value for name, offer in offers.items()})

    @property
    def _observer(self) -> Observer:
        return Observers([self.watch, self.counter])

    @property
    def _limits(self) -> GoalLimits:
        limits = self.case.written.limits
        return GoalLimits(limits.steps, limits.attempts, limits.seconds)

    def _loop(self, workspace: Workspace, planner: Planner) -> Loop:
        return Loop(workspace, planner, dialogue=self.witness, observer=self._observer)

    def _run_script(self, path: Path, offers: Mapping[str, Offer], planner: Planner) -> Pursuit:
        """A GPTScript file: a goal that its own functions may be used for, or a command that is the plan."""
        script = open_script(self.workspace, path, observer=self.watch)
        request = ScriptRequest(script, offers, self._limits)
        self.workspace, plan = request.workspace, request.plan
        if plan is None:
            return self._loop(self.workspace, request.planner(planner)).pursue(request.request)
        ready = self.witness.ready = self.workspace.check(plan)
        values = request.request.values_for(plan)
        return Pursuit(None, (self.workspace.run(ready, values, observer=self._observer),))

    def _run_plan(self, path: str) -> Pursuit:
        ready = self.workspace.load(self.case.folder / path)
        self.witness.ready = ready
        inputs = self.workspace.inputs(ready, **self.case.given())
        return Pursuit(None, (self.workspace.run(ready, inputs, observer=self._observer),))

    def _judged(self, pursuit: Pursuit) -> Iterator[Verdict]:
        run, wanted = pursuit.run, self.case.written.expect
        yield from self._judged_plan(run.plan)
        failures = [
            call.failure.message for step in run.report.steps for call in step.failures if call.failure
        ]
        if run.report.failure is not None:
            failures.append(run.report.failure.message)
        done = run.report.status is Status.DONE
        yield Verdict("the run succeeds", done, "" if done else "; ".join(failures[:3]))
        if done:
            yield from verdicts(result_checks(wanted.results, self.workspace, self.watch), run.report.outputs)

    def _judged_plan(self, plan: Plan) -> tuple[Verdict, ...]:
        return verdicts(plan_checks(self.case.written.expect.plan, self.workspace.catalogue), plan)

    def _cancelled(self) -> Trouble:
        if self.watch.stopped:
            raise Interrupted
        seconds = self.case.written.limits.seconds
        return Trouble(kind="OutOfTime", message=f"its {seconds:g} seconds were over before it was done")


def _trouble(error: ShunterError) -> Trouble:
    more = [str(problem) for problem in error.problems[:3]] if isinstance(error, PlanRefused) else []
    hint = [error.hint] if error.hint else []
    return Trouble(kind=type(error).__name__, message="\n".join([error.message, *more, *hint]))


def _crash(error: Exception) -> Trouble:
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Trouble(kind=type(error).__name__, message=str(error), trace=tuple(lines[-_TRACE_LINES:]))


def _bare(plan: Plan) -> Plan:
    """Without the digests of modules, which would make every line long."""
    return plan.model_copy(update={"modules": {}, "goal": None})
