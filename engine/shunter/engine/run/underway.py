"""The work that is being done, as many containers at once as there are job slots."""

from __future__ import annotations

import asyncio
import time

from shunter.engine.run.job import Job, Place
from shunter.engine.run.perform import Performer
from shunter.engine.run.performed import Performed
from shunter.engine.run.queue import Work
from shunter.engine.run.slots import Slot, Slots


class UnderWay:
    """A task for each piece of work; true while there are some."""

    def __init__(self, performer: Performer, *, jobs: int) -> None:
        self._performer = performer
        self._slots = Slots(jobs, self._slot_is_free)
        self._freed: asyncio.Future[None] | None = None
        self._tasks: dict[asyncio.Task[Performed], Work] = {}

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def free_slot(self) -> Slot | None:
        """A taken slot for `start`, where one is free."""
        return self._slots.try_take()

    def start(self, work: Work, slot: Slot) -> None:
        """Begin with `work`."""
        call = work.calls[0]
        work.since = time.monotonic()
        job = work.job = Job(Place(call.step, call.index), slot, fresh=work.fresh)
        perform = self._performer.refresh if work.fresh else self._performer.perform
        self._tasks[asyncio.create_task(perform(call.action, work.key, job))] = work

    async def some_done(self) -> list[tuple[Work, Performed]]:
        """Wait until some work is done, or a slot is free; what is done, with what became of it."""
        self._freed = asyncio.get_running_loop().create_future()
        awaited: set[asyncio.Future[Performed] | asyncio.Future[None]] = {*self._tasks, self._freed}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        done = []
        for task in [task for task in self._tasks if task.done()]:
            work = self._tasks.pop(task)
            if work.job is not None:
                work.job.slot.release()
            done.append((work, task.result()))
        return done

    async def kill(self) -> None:
        """Stop all of it, and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _slot_is_free(self) -> None:
        """A step that waits for what it called has given its slot back: another one may start."""
        if self._freed is not None and not self._freed.done():
            self._freed.set_result(None)
