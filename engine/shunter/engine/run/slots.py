"""Job slots: how many containers compute at once.

A step that waits for others, for the lock of an equal action or for a call of its own, gives its slot back:
whoever holds one is at work, so that no two can wait for each other's. So does one whose container has done
its work, while what that left is being taken, as far as `UnderWay` lets it.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


class Urgency(IntEnum):
    """Who gets a free slot first: a container that has to go on, then what one waits for, then new steps."""

    GOES_ON = 0
    IS_WAITED_FOR = 1


class Slots:
    """So many slots; `on_free` is told when one is left that nobody waits for."""

    def __init__(self, count: int, on_free: Callable[[], None] = lambda: None) -> None:
        self._free = count
        self._on_free = on_free
        self._order = itertools.count()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []

    def slot(self) -> Slot:
        """A slot that isn't taken yet."""
        return Slot(self)

    def try_take(self) -> Slot | None:
        """A taken slot, where one is free."""
        if not self._free:
            return None
        self._free -= 1
        return Slot(self, held=True)

    async def take(self, urgency: Urgency) -> None:
        """Wait for a slot."""
        if self._free:
            self._free -= 1
            return
        import asyncio

        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Give a slot back."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():  # else whoever waited was cancelled
                turn.set_result(None)
                return
        self._free += 1
        self._on_free()


class Slot:
    """One container's slot, which it may hold or not."""

    def __init__(self, slots: Slots, *, held: bool = False) -> None:
        self.slots = slots
        self._held = held

    async def take(self, urgency: Urgency) -> None:
        """Wait for it, unless it is held."""
        if not self._held:
            await self.slots.take(urgency)
            self._held = True

    def release(self) -> None:
        """Give it back, where it is held."""
        if self._held:
            self._held = False
            self.slots.give()
