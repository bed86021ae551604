"""The scheduler: expand what is ready, look it all up at once, run the rest, long chains first."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import CachePolicy
from shunter.engine.digest import Digest
from shunter.engine.plan.checked import CheckedPlan, CheckedStep
from shunter.engine.plan.expression import Expression
from shunter.engine.run.calls import Call, Lowering, calls_of
from shunter.engine.run.evaluate import evaluate
from shunter.engine.run.events import (
    CallFinished,
    CallStarted,
    Observer,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from shunter.engine.run.job import Job, Place
from shunter.engine.run.outcome import CallReport, Outcome, RunReport, Status, StepReport, step_outcome
from shunter.engine.run.perform import Performed, Performer
from shunter.engine.run.slots import Slots
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch


class OnFailure(Enum):
    """When a call fails: nothing new is started, or all that doesn't depend on it still is."""

    STOP = "stop"
    KEEP_GOING = "keep-going"


@dataclass
class _Progress:
    """A step under way."""

    step: CheckedStep
    began: float = 0.0
    started: bool = False
    waiting: int = 0
    reports: dict[int, CallReport] = field(default_factory=dict)
    finished: StepReport | None = None

    def report(self) -> StepReport:
        """The step as it stands, or as it was when its last call ended."""
        if self.finished is not None:
            return self.finished
        calls = tuple(report for _, report in sorted(self.reports.items()))
        outcome = step_outcome(calls, started=self.started and not self.waiting)
        seconds = time.monotonic() - self.began if self.started else 0.0
        return StepReport(self.step.id, self.step.signature.name, outcome, seconds, calls)


@dataclass
class _Work:
    """What one container does: the calls that equal each other, and when it was started.

    One that is `fresh` runs though the cache may have the result.
    """

    key: Digest
    calls: list[Call]
    fresh: bool = False
    since: float = 0.0
    job: Job | None = None


Done: TypeAlias = Mapping[tuple[str, int | None], tuple[Digest, Performed]]
"""The calls that ran before the run was resumed, by step and element: their keys and answers."""


class Scheduler:
    """Runs one checked plan once. What is `done` isn't done again, though no cache may keep it.

    Calls of the steps in `fresh` run, whatever the cache has.
    """

    def __init__(
        self,
        plan: CheckedPlan,
        inputs: Mapping[str, Value],
        *,
        performer: Performer,
        store: ArtifactStore,
        lowering: Lowering,
        observer: Observer,
        jobs: int,
        on_failure: OnFailure = OnFailure.STOP,
        fresh: Container[str] = (),
        done: Done | None = None,
    ) -> None:
        self._plan = plan
        self._values: dict[str, Value] = dict(inputs)
        self._performer = performer
        self._store = store
        self._lowering = lowering
        self._observer = observer
        self._slots = Slots(jobs, self._slot_is_free)
        self._freed: asyncio.Future[None] | None = None
        self._on_failure = on_failure
        self._fresh = fresh
        self._ran: set[Digest] = set()
        self._done: Done = {} if done is None else done
        self._steps = {step.id: _Progress(step) for step in plan.steps}
        self._needs = {step.id: set(step.sources & self._steps.keys()) for step in plan.steps}
        self._consumers = _consumers(self._needs)
        self._height = _heights(plan.steps, self._consumers)
        self._queue: list[tuple[int, int, _Work]] = []
        self._shared: dict[Digest, _Work] = {}
        self._running: dict[asyncio.Task[Performed], _Work] = {}
        self._order = 0
        self._failed = False

    async def run(self) -> RunReport:
        """Run the plan to its end or its first failure; cancelling kills what runs, then raises."""
        began = time.monotonic()
        self._observer.notify(RunStarted([(step.id, step.signature.name) for step in self._plan.steps]))
        try:
            await self._advance([name for name, needs in self._needs.items() if not needs])
            while self._start_queued():
                await self._finish_some()
        except BaseException as error:
            await self._kill_running()
            status = Status.CANCELLED if isinstance(error, asyncio.CancelledError) else Status.FAILED
            self._observer.notify(RunFinished(self._report(status, began)))
            raise
        self._close_failed()
        report = self._report(Status.FAILED if self._failed else Status.DONE, began)
        self._observer.notify(RunFinished(report))
        return report

    async def _advance(self, ready: Iterable[str]) -> None:
        """Expand the steps in `ready`, and whatever becomes ready because the cache answers them."""
        while ready:
            calls = [call for name in ready for call in self._expand(self._steps[name])]
            await self._performer.read_secrets(call.action for call in calls)
            calls = [call for call in calls if not self._lacks_secret(call)]
            ready = self._look_up(calls) + [name for name in ready if self._complete(name)]
            ready = [follower for name in ready for follower in self._followers(name)]

    def _expand(self, progress: _Progress) -> list[Call]:
        progress.began = time.monotonic()
        if self._stopping:
            return []
        calls = calls_of(progress.step, self._values, self._store, self._lowering)
        progress.started = True
        count = 1 if isinstance(calls, Failure) else len(calls)
        self._observer.notify(StepStarted(progress.step.id, progress.step.signature.name, count))
        if isinstance(calls, Failure):
            self._note(CallReport(progress.step.id, None, Outcome.FAILED, None, 0.0, failure=calls))
            return []
        progress.waiting = len(calls)
        return calls

    def _lacks_secret(self, call: Call) -> bool:
        """Whether the call fails before it has a key, since a secret that is a part of that can't be read."""
        failure = self._performer.unreadable(call.action)
        if failure is not None:
            self._settle(call, None, Performed(Outcome.FAILED, failure), 0.0)
        return failure is not None

    @property
    def _stopping(self) -> bool:
        return self._failed and self._on_failure is OnFailure.STOP

    def _look_up(self, calls: list[Call]) -> list[str]:
        """Settle the calls that the cache answers, queue the others; the steps that were completed by it."""
        keys = [self._performer.key(call.action) for call in calls]
        hits = self._performer.cached(
            {key: call.action for key, call in zip(keys, calls, strict=True) if not self._is_fresh(call, key)}
        )
        completed = []
        for key, call in zip(keys, calls, strict=True):
            hit = None if self._is_fresh(call, key) else hits.get(key) or self._done_before(call, key)
            if hit is not None:
                self._settle(call, key, hit, 0.0)
                completed += [call.step] if self._complete(call.step) else []
            else:
                self._enqueue(call, key)
        return completed

    def _is_fresh(self, call: Call, key: Digest) -> bool:
        """Whether a call is to run whatever the cache has; one that this run made is fresh already."""
        return call.step in self._fresh and key not in self._ran

    def _done_before(self, call: Call, key: Digest) -> Performed | None:
        if call.action.cache is not CachePolicy.NEVER:
            return None
        then, performed = self._done.get((call.step, call.index), (None, None))
        return performed if then == key else None

    def _enqueue(self, call: Call, key: Digest) -> None:
        if key in self._shared:
            self._shared[key].calls.append(call)
            self._shared[key].fresh |= self._is_fresh(call, key)
            return
        work = _Work(key, [call], self._is_fresh(call, key))
        if call.action.cache is not CachePolicy.NEVER:
            self._shared[key] = work
        self._order += 1
        heapq.heappush(self._queue, (-self._height[call.step], self._order, work))

    def _start_queued(self) -> bool:
        """Fill the free job slots; whether anything is running."""
        while self._queue and not self._stopping and (slot := self._slots.try_take()) is not None:
            _, _, work = heapq.heappop(self._queue)
            call = work.calls[0]
            self._observer.notify(CallStarted(call.step, call.index))
            work.since = time.monotonic()
            job = work.job = Job(Place(call.step, call.index), slot, fresh=work.fresh)
            perform = self._performer.refresh if work.fresh else self._performer.perform
            self._running[asyncio.create_task(perform(call.action, work.key, job))] = work
        return bool(self._running)

    async def _finish_some(self) -> None:
        self._freed = asyncio.get_running_loop().create_future()
        awaited: set[asyncio.Future[Performed] | asyncio.Future[None]] = {*self._running, self._freed}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        completed: list[str] = []
        for task in [task for task in self._running if task.done()]:
            work = self._running.pop(task)
            if work.job is not None:
                work.job.slot.release()
            performed = task.result()
            self._shared.pop(work.key, None)
            if performed.outcome is Outcome.EXECUTED:
                self._ran.add(work.key)
            seconds = time.monotonic() - work.since
            for position, call in enumerate(work.calls):
                self._settle(call, work.key, _shared(performed) if position else performed, seconds)
                completed += [call.step] if self._complete(call.step) else []
        await self._advance([follower for name in completed for follower in self._followers(name)])

    def _slot_is_free(self) -> None:
        """A step that waits for what it called has given its slot back: another one may start."""
        if self._freed is not None and not self._freed.done():
            self._freed.set_result(None)

    def _settle(self, call: Call, key: Digest | None, performed: Performed, seconds: float) -> None:
        failure = performed.answer if isinstance(performed.answer, Failure) else None
        value = None if isinstance(performed.answer, Failure) else performed.answer.value
        self._steps[call.step].waiting -= 1
        self._note(
            CallReport(
                call.step,
                call.index,
                performed.outcome,
                key,
                seconds,
                value,
                failure,
                performed.stdout,
                performed.stderr,
                performed.asked,
                performed.left,
                performed.bound,
            )
        )

    def _note(self, report: CallReport) -> None:
        self._steps[report.step].reports[report.index or 0] = report
        self._failed |= report.failure is not None
        self._observer.notify(CallFinished(report))

    def _complete(self, name: str) -> bool:
        """Whether the step has just got its value."""
        progress = self._steps[name]
        if progress.finished is not None or progress.waiting or not progress.started:
            return False
        progress.finished = report = progress.report()
        self._observer.notify(StepFinished(report))
        if report.outcome is Outcome.FAILED:
            return False
        values = tuple(call.value for call in report.calls)
        self._values[name] = values if progress.step.each else values[0]
        return True

    def _close_failed(self) -> None:
        """Tell of the steps that failed before all of their calls were started."""
        for progress in self._steps.values():
            if progress.finished is None and progress.report().outcome is Outcome.FAILED:
                progress.finished = progress.report()
                self._observer.notify(StepFinished(progress.finished))

    def _followers(self, name: str) -> list[str]:
        """The steps that have everything now that step `name` has its value."""
        ready = []
        for consumer in self._consumers.get(name, ()):
            self._needs[consumer].discard(name)
            if not self._needs[consumer]:
                ready.append(consumer)
        return ready

    async def _kill_running(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _report(self, status: Status, began: float) -> RunReport:
        outputs: dict[str, Value] = {}
        failure = None
        if status is Status.DONE:
            try:
                outputs = {name: self._evaluate(item) for name, item in self._plan.outputs.items()}
            except Mismatch as mismatch:
                failure = Failure(FailureKind.ARGUMENT, f"an output isn't what the plan says: {mismatch}")
                status = Status.FAILED
        steps = tuple(progress.report() for progress in self._steps.values())
        return RunReport(status, steps, outputs, time.monotonic() - began, failure)

    def _evaluate(self, expression: Expression) -> Value:
        return evaluate(expression, self._values, self._store)


def _shared(performed: Performed) -> Performed:
    """For the calls that equal one that just ran: they get its result, and no container of their own."""
    if performed.outcome is Outcome.EXECUTED:
        return Performed(Outcome.CACHED, performed.answer, performed.stdout, performed.stderr)
    return performed


def _consumers(needs: Mapping[str, set[str]]) -> dict[str, list[str]]:
    consumers: dict[str, list[str]] = {}
    for name, sources in needs.items():
        for source in sources:
            consumers.setdefault(source, []).append(name)
    return consumers


def _heights(steps: Iterable[CheckedStep], consumers: Mapping[str, list[str]]) -> dict[str, int]:
    """How many steps at the most come one after the other from each step on."""
    heights: dict[str, int] = {}
    for step in reversed(list(steps)):
        heights[step.id] = 1 + max((heights[name] for name in consumers.get(step.id, ())), default=0)
    return heights
