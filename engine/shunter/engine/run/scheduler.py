"""The scheduler: expand what is ready, look it all up at once, run the rest, long chains first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Container, Iterable, Mapping
from enum import Enum
from typing import TypeAlias

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.model import CachePolicy
from shunter.engine.digest import Digest
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.run.board import Board
from shunter.engine.run.calls import Call, Lowering, calls_of
from shunter.engine.run.events import CallStarted, Observer, RunFinished, RunStarted
from shunter.engine.run.job import Job, Place
from shunter.engine.run.outcome import Outcome, RunReport, Status
from shunter.engine.run.perform import Performer
from shunter.engine.run.performed import Performed
from shunter.engine.run.queue import Queue, Work
from shunter.engine.run.slots import Slots
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value


class OnFailure(Enum):
    """When a call fails: nothing new is started, or all that doesn't depend on it still is."""

    STOP = "stop"
    KEEP_GOING = "keep-going"


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
        self._board = Board(plan, inputs, observer)
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
        self._queue = Queue()
        self._running: dict[asyncio.Task[Performed], Work] = {}

    async def run(self) -> RunReport:
        """Run the plan to its end or its first failure; cancelling kills what runs, then raises."""
        began = time.monotonic()
        self._observer.notify(RunStarted([(step.id, step.signature.name) for step in self._plan.steps]))
        try:
            await self._advance(self._board.ready())
            while self._start_queued():
                await self._finish_some()
        except BaseException as error:
            await self._kill_running()
            status = Status.CANCELLED if isinstance(error, asyncio.CancelledError) else Status.FAILED
            self._observer.notify(RunFinished(self._report(status, began)))
            raise
        self._board.close_failed()
        report = self._report(Status.FAILED if self._board.failed else Status.DONE, began)
        self._observer.notify(RunFinished(report))
        return report

    def _report(self, status: Status, began: float) -> RunReport:
        return self._board.report(status, time.monotonic() - began, self._store)

    async def _advance(self, ready: Iterable[str]) -> None:
        """Expand the steps in `ready`, and whatever becomes ready because the cache answers them."""
        while ready:
            calls = [call for name in ready for call in self._expand(name)]
            await self._performer.read_secrets(call.action for call in calls)
            calls = [call for call in calls if not self._lacks_secret(call)]
            ready = self._look_up(calls) + [name for name in ready if self._board.complete(name)]
            ready = [follower for name in ready for follower in self._board.followers(name)]

    def _expand(self, name: str) -> list[Call]:
        step = self._board.reach(name)
        if self._stopping:
            return []
        calls = calls_of(step, self._board.values, self._store, self._lowering)
        self._board.start(name, calls)
        return [] if isinstance(calls, Failure) else calls

    def _lacks_secret(self, call: Call) -> bool:
        """Whether the call fails before it has a key, since a secret that is a part of that can't be read."""
        failure = self._performer.unreadable(call.action)
        if failure is not None:
            self._board.settle(call, None, Performed(Outcome.FAILED, failure), 0.0)
        return failure is not None

    @property
    def _stopping(self) -> bool:
        return self._board.failed and self._on_failure is OnFailure.STOP

    def _look_up(self, calls: list[Call]) -> list[str]:
        """Settle the calls that the cache answers, queue the others; the steps that were completed by it."""
        keys = [self._performer.key(call.action) for call in calls]
        hits = self._performer.cached(
            {key: call.action for key, call in zip(keys, calls, strict=True) if not self._is_fresh(call, key)}
        )
        completed = []
        for key, call in zip(keys, calls, strict=True):
            fresh = self._is_fresh(call, key)
            hit = None if fresh else hits.get(key) or self._done_before(call, key)
            if hit is not None:
                self._board.settle(call, key, hit, 0.0)
                completed += [call.step] if self._board.complete(call.step) else []
            else:
                self._queue.put(call, key, height=self._board.height(call.step), fresh=fresh)
        return completed

    def _is_fresh(self, call: Call, key: Digest) -> bool:
        """Whether a call is to run whatever the cache has; one that this run made is fresh already."""
        return call.step in self._fresh and key not in self._ran

    def _done_before(self, call: Call, key: Digest) -> Performed | None:
        if call.action.cache is not CachePolicy.NEVER:
            return None
        then, performed = self._done.get((call.step, call.index), (None, None))
        return performed if then == key else None

    def _start_queued(self) -> bool:
        """Fill the free job slots; whether anything is running."""
        while self._queue and not self._stopping and (slot := self._slots.try_take()) is not None:
            work = self._queue.pop()
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
            self._queue.end(work)
            if performed.outcome is Outcome.EXECUTED:
                self._ran.add(work.key)
            completed += self._settle(work, performed)
        await self._advance([follower for name in completed for follower in self._board.followers(name)])

    def _settle(self, work: Work, performed: Performed) -> list[str]:
        """Settle the calls that equal each other; the steps that were completed by it."""
        completed: list[str] = []
        seconds = time.monotonic() - work.since
        for position, call in enumerate(work.calls):
            self._board.settle(call, work.key, _shared(performed) if position else performed, seconds)
            completed += [call.step] if self._board.complete(call.step) else []
        return completed

    def _slot_is_free(self) -> None:
        """A step that waits for what it called has given its slot back: another one may start."""
        if self._freed is not None and not self._freed.done():
            self._freed.set_result(None)

    async def _kill_running(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


def _shared(performed: Performed) -> Performed:
    """For the calls that equal one that just ran: they get its result, and no container of their own."""
    if performed.outcome is Outcome.EXECUTED:
        return Performed(Outcome.CACHED, performed.answer, performed.stdout, performed.stderr)
    return performed
