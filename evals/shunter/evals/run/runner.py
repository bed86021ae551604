"""The runner: cases in several threads, each with a workspace and a planner of its own.

A pass over the suites (an epoch) begins with no results of steps in the cache; environments are kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shunter.agent import Workspace
from shunter.agent.executors import ExecutorKind
from shunter.agent.planners.protocol import Planner
from shunter.evals.case.suite import Case
from shunter.evals.run.attempt import Attempt, Interrupted
from shunter.evals.run.record import Record
from shunter.evals.run.results import ResultsFile
from shunter.evals.run.watch import Watch

_NOTICE = 0.5
"""Seconds after which an interrupt is noticed that came between two waits: a lock isn't woken by it."""


class Listener(Protocol):
    """Whoever wants to know."""

    def recorded(self, record: Record, done: int, total: int) -> None:
        """A case has its record, `done` of `total`."""
        ...


@dataclass(frozen=True)
class Setting:
    """What cases are run with. `containers` is how many one case may run at once."""

    planner: Callable[[], Planner]
    home: Path | None = None
    modules: tuple[Path, ...] = ()
    containers: int = 1
    executor: ExecutorKind | None = None

    def workspace(self, cache: str) -> Workspace:
        """A workspace whose results are those of `cache`."""
        return Workspace(
            home=self.home,
            modules=self.modules,
            executor=self.executor,
            jobs=self.containers,
            cache=cache,
        )


@dataclass
class _Worker:
    """What one thread has."""

    planner: Planner
    epoch: int = 0
    workspace: Workspace | None = None


@dataclass
class Runner:
    """Runs cases, `jobs` at once."""

    setting: Setting
    jobs: int
    _workers: list[_Worker] = field(default_factory=list)
    _watches: set[Watch] = field(default_factory=set)
    _local: threading.local = field(default_factory=threading.local)
    _stopped: bool = False

    def run(self, todo: Sequence[tuple[int, Case]], results: ResultsFile, listener: Listener) -> None:
        """Run each case of `todo` (with its epoch) and write its record.

        An interrupt stops what runs; what has a record is kept.
        """
        began = time.monotonic()
        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="case")
        try:
            futures = [pool.submit(self._record, epoch, case, results.head.id) for epoch, case in todo]
            self._collect(futures, results, listener)
        except BaseException:
            self._stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            for worker in self._workers:
                _close(worker)
        results.finish(time.monotonic() - began)
        self._forget(results.head.id, {epoch for epoch, _ in todo})

    def _collect(self, futures: Sequence[Future[Record]], results: ResultsFile, listener: Listener) -> None:
        left, recorded = set(futures), 0
        while left:
            done, left = wait(left, timeout=_NOTICE, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=futures.index):
                record = future.result()
                results.add(record)
                recorded += 1
                listener.recorded(record, recorded, len(futures))

    def _record(self, epoch: int, case: Case, run: str) -> Record:
        worker = self._worker(epoch, run)
        assert worker.workspace is not None
        watch = Watch(case.written.limits.seconds)
        self._watches.add(watch)
        if self._stopped:
            raise Interrupted
        try:
            return Attempt(case, epoch, worker.workspace, worker.planner, watch).record()
        finally:
            self._watches.discard(watch)

    def _worker(self, epoch: int, run: str) -> _Worker:
        worker: _Worker | None = getattr(self._local, "worker", None)
        if worker is None:
            worker = self._local.worker = _Worker(self.setting.planner())
            self._workers.append(worker)
        if worker.epoch != epoch:
            _close(worker)
            worker.epoch, worker.workspace = epoch, self.setting.workspace(cache_name(run, epoch))
        return worker

    def _stop(self) -> None:
        self._stopped = True
        for watch in list(self._watches):
            watch.stop()

    def _forget(self, run: str, epochs: Iterable[int]) -> None:
        """The results of steps are of no use to anybody once the run is over."""
        with Workspace(home=self.setting.home) as workspace:
            for epoch in epochs:
                workspace.store.drop_cache(cache_name(run, epoch))


def cache_name(run: str, epoch: int) -> str:
    """The cache of one pass over the suites."""
    return f"eval-{run}-{epoch}"


def _close(worker: _Worker) -> None:
    if worker.workspace is not None:
        worker.workspace.close()
        worker.workspace = None
