"""Waiting for work that must not be left half done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def settle(future: asyncio.Future[T]) -> asyncio.CancelledError | None:
    """Wait until `future` is done, whatever its result; returns a cancellation that came meanwhile."""
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    return cancelled


async def to_the_end(function: Callable[[], T]) -> T:
    """Run `function` beside the loop; being cancelled waits until it is through, and is passed on then."""
    future = asyncio.get_running_loop().run_in_executor(None, function)
    cancelled = await settle(future)
    if cancelled is not None:
        raise cancelled
    return future.result()
