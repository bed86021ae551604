"""How much a step has written, looked at while it runs.

No file system that can be had everywhere limits what lies below a folder. So `du` counts it, again and again:
a process of its own, which follows no link, goes as deep as folders go, and leaves the engine its time. It is
looked at the more rarely the further it is from its limit, so that most steps are never looked at.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from shunter.engine.errors import ShunterError
from shunter.engine.executors.local.background import settle

OFTEN: Final = 0.25
"""Seconds from one look to the next, at least."""

_FASTEST: Final = 8 << 30
"""Bytes that a step could write within a second: what is further away needn't be looked at yet."""

_SHARE: Final = 20
"""For this many times as long as a look took there is none: to count a million files takes some seconds."""

_BLOCK: Final = 1024


class DiskWatch:
    """As a context, it calls `exceeded` once when `written` has given more than `most` bytes."""

    def __init__(
        self, written: Callable[[], Awaitable[int]], most: int, exceeded: Callable[[], None]
    ) -> None:
        self._written = written
        self._most = most
        self._exceeded = exceeded
        self._timer: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._pause(0, 0.0), self._begin)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._timer is not None
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
            cancelled = await settle(self._looking)
            if cancelled is not None:
                raise cancelled

    def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        written = 0
        while written <= self._most:
            begin = time.monotonic()
            with suppress(OSError, ShunterError):  # what can't be counted now may be next time
                written = await self._written()
            if written <= self._most:
                await asyncio.sleep(self._pause(written, time.monotonic() - begin))
        self._exceeded()

    def _pause(self, written: int, cost: float) -> float:
        """Seconds until the next look, where the last one took `cost` seconds."""
        return max(OFTEN, _SHARE * cost, (self._most - written) / _FASTEST)


def can_count() -> bool:
    """Whether this machine has a `du`."""
    return _program() is not None


async def size_of(folder: Path, *more: Path) -> int:
    """Bytes that `folder` and the files `more` take on disk; 0 where nobody can count them."""
    program = _program()
    if program is None:
        return 0
    process = await asyncio.create_subprocess_exec(
        *(program, "-skx", "--", folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # what it says of files that go away meanwhile
        cwd="/",
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    first = said.split()[:1]
    below = int(first[0]) * _BLOCK if first and first[0].isdigit() else 0
    return below + sum(path.stat().st_blocks * 512 for path in more if path.exists())


def _program() -> str | None:
    return shutil.which("du", path=os.defpath)
