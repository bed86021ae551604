"""A plan's way through the scheduler, in an event loop of its own."""

from __future__ import annotations

from shunter.engine.run.outcome import RunReport
from shunter.engine.run.scheduler import Scheduler


def report_of(scheduler: Scheduler) -> RunReport:
    """Take what the cache has, and run the rest.

    `asyncio.run` writes the task out in words when it puts SIGINT's handler back; a report of many steps, as
    the task's result, would cost more there than cached steps do.
    """
    cached = scheduler.take_cached()
    if cached is not None:
        return cached
    import asyncio

    reports: list[RunReport] = []

    async def run() -> None:
        reports.append(await scheduler.run())

    asyncio.run(run())
    return reports[0]
