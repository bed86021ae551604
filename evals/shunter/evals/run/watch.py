"""What is seen of a case while it runs, and what ends it from outside."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass

from shunter.agent.dialogue import Unattended
from shunter.agent.planners.protocol import Proposal
from shunter.agent.ready import ReadyPlan
from shunter.engine.run.events import (
    CallFinished,
    Event,
    PreparationFinished,
    PreparationStarted,
    RunFinished,
)
from shunter.engine.run.outcome import Outcome


class Witness(Unattended):
    """Remembers the last plan that passed the checker."""

    def __init__(self) -> None:
        self.ready: ReadyPlan | None = None

    def proposed(self, ready: ReadyPlan, proposal: Proposal, attempt: int) -> None:
        """Remember `ready`."""
        self.ready = ready


@dataclass
class Tally:
    """How many calls had which outcome, in all runs of a case."""

    executed: int = 0
    cached: int = 0
    failed: int = 0


class CallCounter:
    """An observer that counts."""

    def __init__(self) -> None:
        self.calls = Tally()

    def notify(self, event: Event) -> None:
        """Count a call that has an outcome."""
        if isinstance(event, CallFinished) and event.report.outcome is not Outcome.SKIPPED:
            name = event.report.outcome.value
            setattr(self.calls, name, getattr(self.calls, name) + 1)


class Watch:
    """An observer that ends a run that has no time left or isn't wanted any more.

    While environments are installed, for the first time on a machine, the clock stands still.
    `stop` can be called from another thread; a run that is ended raises CancelledError, after its containers
    are gone.
    """

    def __init__(self, seconds: float) -> None:
        self.stopped = False
        self.installing = 0.0
        self._installing_since: float | None = None
        self._installs = 0
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def over(self) -> bool:
        """Whether there is no time left, or the case isn't wanted any more."""
        return self.stopped or time.monotonic() > self._end

    def stop(self) -> None:
        """End what runs, and whatever would run next."""
        with self._lock:
            self.stopped = True
            if self._running is not None:
                loop, task = self._running
                loop.call_soon_threadsafe(task.cancel)

    def notify(self, event: Event) -> None:
        """Set and clear the alarm."""
        if isinstance(event, RunFinished):
            self._over()
            return
        if self._running is None:
            self._begin()
        match event:
            case PreparationStarted():
                self._stand_still()
            case PreparationFinished():
                self._go_on()

    def _begin(self) -> None:
        """Take hold of the run's task; there is none yet while the cache answers."""
        try:
            loop, task = asyncio.get_running_loop(), asyncio.current_task()
        except RuntimeError:
            return
        assert task is not None
        with self._lock:
            self._running = loop, task
            if self.stopped:
                task.cancel()
        self._set_alarm()

    def _set_alarm(self) -> None:
        if self._running is not None:
            loop, task = self._running
            self._alarm = loop.call_later(max(0.0, self._end - time.monotonic()), task.cancel)

    def _stand_still(self) -> None:
        self._installs += 1
        if self._installs == 1:
            self._installing_since = time.monotonic()
            self._clear_alarm()

    def _go_on(self) -> None:
        self._installs -= 1
        if self._installs == 0 and self._installing_since is not None:
            passed = time.monotonic() - self._installing_since
            self.installing += passed
            self._end += passed
            self._set_alarm()

    def _clear_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _over(self) -> None:
        self._clear_alarm()
        self._installs = 0
        with self._lock:
            self._running = None
