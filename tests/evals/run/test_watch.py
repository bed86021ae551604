"""A case's clock: it ends a run from inside, and stands still while packages are installed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from shunter.engine.run.events import PreparationFinished, PreparationStarted, RunFinished, RunStarted
from shunter.engine.run.outcome import RunReport, Status
from shunter.evals.run.watch import Watch

BEGUN = RunStarted([])
OVER = RunFinished(RunReport(Status.DONE, (), {}, 0.0))


def test_a_run_is_cancelled_when_its_seconds_are_over() -> None:
    watch = Watch(0.1)

    async def run() -> None:
        watch.notify(BEGUN)
        await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    assert not watch.stopped


def test_the_seconds_go_on_over_several_runs() -> None:
    watch = Watch(0.1)

    async def run(seconds: float) -> None:
        watch.notify(BEGUN)
        await asyncio.sleep(seconds)
        watch.notify(OVER)

    asyncio.run(run(0))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run(60))


def test_the_clock_stands_still_while_packages_are_installed() -> None:
    watch = Watch(0.2)
    reached = []

    async def run() -> None:
        watch.notify(BEGUN)
        watch.notify(PreparationStarted("one"))
        watch.notify(PreparationStarted("two"))
        watch.notify(PreparationFinished("one", 0.0, True))
        await asyncio.sleep(0.4)
        watch.notify(PreparationFinished("two", 0.4, True))
        reached.append("installed")
        await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    assert reached == ["installed"]
    assert watch.installing >= 0.4


def test_another_thread_can_stop_it_before_and_while_it_runs() -> None:
    for early in (True, False):
        watch = Watch(60)

        async def run(watch: Watch, *, early: bool) -> None:
            watch.notify(BEGUN)
            if not early:
                threading.Thread(target=watch.stop).start()
            await asyncio.sleep(60)

        if early:
            watch.stop()
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(run(watch, early=early))
        assert watch.stopped
