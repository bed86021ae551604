"""The work that is being done, as many containers at once as there are job slots."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from shunter.engine.run.job import Job, Place
from shunter.engine.run.perform import Performer
from shunter.engine.run.performed import Performed
from shunter.engine.run.queue import Work
from shunter.engine.run.slots import Slot, Slots


class UnderWay:
    """A task for each piece of work; true while there are some."""

    def __init__(self, performer: Performer, *, jobs: int) -> None:
        self._performer = performer
        self._jobs = jobs
        self._slots = Slots(jobs, self._stir)
        self._stirred = asyncio.Event()
        self._tasks: dict[asyncio.Task[Performed], Work] = {}
        self._vacated: set[Slot] = set()

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def free_slot(self) -> Slot | None:
        """A taken slot for `start`, where one is free."""
        return self._slots.try_take()

    def start(self, work: Work, slot: Slot, *, gives_way: Callable[[], bool]) -> None:
        """Begin with `work`.

        `gives_way` says, when its container has done its work, whether its slot isn't kept for what follows.
        """
        call = work.calls[0]
        work.since = time.monotonic()
        vacated = partial(self._vacate, slot, gives_way)
        job = work.job = Job(Place(call.step, call.index), slot, fresh=work.fresh, vacated=vacated)
        perform = self._performer.refresh if work.fresh else self._performer.perform
        task = asyncio.create_task(perform(call.action, work.key, job))
        task.add_done_callback(lambda _: self._stir())
        self._tasks[task] = work

    async def some_done(self) -> list[tuple[Work, Performed]]:
        """Wait until some work is done, or a slot is free; what is done, with what became of it."""
        await self._stirred.wait()
        done = []
        for task in [task for task in self._tasks if task.done()]:
            work = self._tasks.pop(task)
            if work.job is not None:
                self._vacated.discard(work.job.slot)
                work.job.slot.release()
            done.append((work, task.result()))
        self._stirred.clear()
        return done

    async def kill(self) -> None:
        """Stop all of it, and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _vacate(self, slot: Slot, gives_way: Callable[[], bool]) -> None:
        """A container has done its work: let another one start while what it left is being taken.

        As many as there are slots may be at that: outputs that come faster than they are taken don't pile up.
        """
        if len(self._vacated) < self._jobs and gives_way():
            self._vacated.add(slot)
            slot.release()

    def _stir(self) -> None:
        """Some work is done, or a step that waits for what it called has given its slot back."""
        self._stirred.set()
