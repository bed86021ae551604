"""The scheduler: expand what is ready, look it all up at once, run the rest, long chains first."""

from __future__ import annotations

import time
from collections.abc import Container, Mapping, Sequence
from enum import Enum
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.model import CachePolicy
from shunter.engine.digest import Digest
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.run.board import Board
from shunter.engine.run.calls import Call, Lowering, calls_of
from shunter.engine.run.events import CallStarted, Observer, RunFinished, RunStarted
from shunter.engine.run.keys import keyed_secrets
from shunter.engine.run.outcome import Outcome, RunReport, Status
from shunter.engine.run.perform import Performer
from shunter.engine.run.performed import Performed
from shunter.engine.run.queue import Queue, Work
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value

if TYPE_CHECKING:
    from shunter.engine.run.underway import UnderWay


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
        self._jobs = jobs
        self._began: float | None = None
        self._unread: list[Call] = []
        self._on_failure = on_failure
        self._fresh = fresh
        self._ran: set[Digest] = set()
        self._done: Done = {} if done is None else done
        self._queue = Queue()

    def take_cached(self) -> RunReport | None:
        """Take all that the cache has; the report where nothing is left to run, else `run` goes on.

        It takes no event loop. Secrets are read by `run`: what depends on them is left to it.
        """
        self._began = time.monotonic()
        self._observer.notify(RunStarted([(step.id, step.signature.name) for step in self._plan.steps]))
        try:
            self._advance(self._board.ready())
        except BaseException as error:
            self._end(Status.CANCELLED if isinstance(error, KeyboardInterrupt) else Status.FAILED)
            raise
        return None if self._unread or (self._queue and not self._stopping) else self._finished()

    async def run(self) -> RunReport:
        """Run the plan to its end or its first failure; cancelling kills what runs, then raises."""
        from asyncio import CancelledError

        report = self.take_cached() if self._began is None else None
        if report is not None:
            return report
        try:
            await self._read_secrets()
            while self._start_queued():
                await self._finish_some()
        except BaseException as error:
            await self._under_way.kill()
            self._end(Status.CANCELLED if isinstance(error, CancelledError) else Status.FAILED)
            raise
        return self._finished()

    def _finished(self) -> RunReport:
        self._board.close_failed()
        return self._end(Status.FAILED if self._board.failed else Status.DONE)

    def _end(self, status: Status) -> RunReport:
        report = self._board.report(status, time.monotonic() - (self._began or 0.0), self._store)
        self._observer.notify(RunFinished(report))
        return report

    @cached_property
    def _under_way(self) -> UnderWay:
        from shunter.engine.run.underway import UnderWay

        return UnderWay(self._performer, jobs=self._jobs)

    def _advance(self, ready: Sequence[str]) -> None:
        """Expand the steps in `ready`, and whatever becomes ready because the cache answers them."""
        while ready:
            calls = [call for name in ready for call in self._expand(name)]
            self._unread += [call for call in calls if keyed_secrets(call.action)]
            ready = self._taken([call for call in calls if not keyed_secrets(call.action)], ready)

    async def _read_secrets(self) -> None:
        """Go on with the calls whose keys are made with secrets."""
        while self._unread:
            calls, self._unread = self._unread, []
            await self._performer.read_secrets(call.action for call in calls)
            steps = list(dict.fromkeys(call.step for call in calls))
            self._advance(self._taken([call for call in calls if not self._lacks_secret(call)], steps))

    def _taken(self, calls: list[Call], steps: Sequence[str]) -> list[str]:
        """Take what the cache has for `calls`, all those of `steps`; the steps that are ready by it."""
        completed = self._look_up(calls) + [name for name in steps if self._board.complete(name)]
        return [follower for name in completed for follower in self._board.followers(name)]

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
        while self._queue and not self._stopping and (slot := self._under_way.free_slot()) is not None:
            work = self._queue.pop()
            self._observer.notify(CallStarted(work.calls[0].step, work.calls[0].index))
            self._under_way.start(work, slot, gives_way=partial(self._gives_way, work))
        return bool(self._under_way)

    def _gives_way(self, work: Work) -> bool:
        """Whether what is queued comes before all that `work` makes ready: else its slot is kept for that."""
        height = max(self._board.height(call.step) for call in work.calls)
        return self._queue.comes_before(height - 1)

    async def _finish_some(self) -> None:
        completed: list[str] = []
        for work, performed in await self._under_way.some_done():
            self._queue.end(work)
            if performed.outcome is Outcome.EXECUTED:
                self._ran.add(work.key)
            completed += self._settle(work, performed)
        self._advance([follower for name in completed for follower in self._board.followers(name)])
        await self._read_secrets()

    def _settle(self, work: Work, performed: Performed) -> list[str]:
        """Settle the calls that equal each other; the steps that were completed by it."""
        completed: list[str] = []
        seconds = time.monotonic() - work.since
        for position, call in enumerate(work.calls):
            self._board.settle(call, work.key, _shared(performed) if position else performed, seconds)
            completed += [call.step] if self._board.complete(call.step) else []
        return completed


def _shared(performed: Performed) -> Performed:
    """For the calls that equal one that just ran: they get its result, and no container of their own."""
    if performed.outcome is Outcome.EXECUTED:
        return Performed(Outcome.CACHED, performed.answer, performed.stdout, performed.stderr)
    return performed
