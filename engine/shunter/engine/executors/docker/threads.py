"""The threads that steps run on, since the package for Docker blocks, and the way back to the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from shunter.engine.executors.local.background import settle

T = TypeVar("T")

_MOST: Final = 256
"""Each step that runs has one, and one more while it is killed."""


class Threads:
    """Started as they are needed."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_MOST, "docker")

    def submit(self, function: Callable[[], T]) -> Future[T]:
        """Begin with `function`."""
        return self._pool.submit(function)

    async def until(self, work: Callable[[], T], kill: Callable[[], None]) -> T:
        """The result of `work`; being cancelled calls `kill` first, and waits for both."""
        running = asyncio.wrap_future(self.submit(work))
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            killing = asyncio.wrap_future(self.submit(kill))
            await settle(killing)
            await settle(running)
            for done in (killing, running):
                done.exception()  # so that nobody misses it
            raise error
        return running.result()
