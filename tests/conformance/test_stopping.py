"""How steps are ended, and that nothing of them goes on."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from tests.conformance.steps import execute, processes_with, shell, text

from shunter.engine.actions.model import Action, Limits
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore

STUBBORN = """
trap '' TERM INT HUP
grow() {{
    if [ "$1" -gt 0 ]; then
        (trap '' TERM; grow $(($1 - 1)); sleep {marker}; true) &
        setsid sh -c "trap '' TERM HUP; (sleep {marker}; true) & sleep {marker}; true" &
    fi
}}
grow 3
sleep {marker}
true
"""
"""Ignores what a polite engine would send, in children, grandchildren, and some with a session of their own."""

TREE = 10
"""The `sleep`s of that tree."""


def _stubborn(*, seconds: float) -> tuple[Action, str]:
    marker = f"98765.{random.randrange(10**9):09}"
    return shell(STUBBORN.format(marker=marker), limits=Limits(seconds=seconds)), marker


async def _until_running(marker: str) -> None:
    deadline = time.monotonic() + 20
    while len(processes_with(f"sleep\0{marker}")) < TREE:
        assert time.monotonic() < deadline, "the step never started"
        await asyncio.sleep(0.01)


@pytest.mark.promise(Promise.TIME)
def test_the_time_limit_ends_everything_and_keeps_what_was_said(
    executor: Executor, store: LocalStore
) -> None:
    action, marker = _stubborn(seconds=0.5)
    action = shell("echo begun;" + action.command.argv[-1], limits=action.limits)
    execution = execute(executor, action)
    assert processes_with(marker) == []
    assert (execution.ending, execution.exit_code) == (Ending.TIMED_OUT, None)
    assert 0.5 <= execution.seconds < 5
    assert text(store, execution.stdout) == "begun\n"


@pytest.mark.promise(Promise.CANCELLING)
def test_cancelling_kills_a_whole_tree_before_it_is_passed_on(executor: Executor) -> None:
    action, marker = _stubborn(seconds=60)

    async def cancel() -> None:
        task = asyncio.create_task(executor.execute(action, ()))
        await _until_running(marker)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert processes_with(marker) == []

    asyncio.run(cancel())


@pytest.mark.promise(Promise.CANCELLING)
def test_cancelling_one_step_leaves_the_others_alone(executor: Executor, store: LocalStore) -> None:
    action, marker = _stubborn(seconds=60)

    async def cancel() -> str:
        other = asyncio.create_task(executor.execute(shell("sleep 1; echo through"), ()))
        task = asyncio.create_task(executor.execute(action, ()))
        await _until_running(marker)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return text(store, (await other).stdout)

    assert asyncio.run(cancel()) == "through\n"


@pytest.mark.promise(Promise.CANCELLING)
@pytest.mark.parametrize("steps_of_the_loop", [1, 2, 3, 5, 8])
def test_a_step_cancelled_while_it_starts_never_goes_on(executor: Executor, steps_of_the_loop: int) -> None:
    action, marker = _stubborn(seconds=60)

    async def cancel() -> None:
        task = asyncio.create_task(executor.execute(action, ()))
        for _ in range(steps_of_the_loop):
            await asyncio.sleep(0)
        task.cancel()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert processes_with(marker) == []

    asyncio.run(cancel())


@pytest.mark.promise(Promise.CONTAINERS)
def test_processes_left_in_the_background_end_with_their_step(executor: Executor) -> None:
    marker = f"98765.{random.randrange(10**9):09}"
    many = f"i=0; while [ $i -lt 200 ]; do setsid sleep {marker} & i=$((i + 1)); done; exit 0"
    execution = execute(executor, shell(many))
    # So many that they can't all be gone at the moment when the step's first process ends.
    assert processes_with(marker) == []
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0)
