"""How steps end, and that nothing of them goes on."""

from __future__ import annotations

import asyncio
import random
import signal
import time

import pytest
from tests.conformance.steps import execute, processes_with, shell, step, text

from shunter.engine.actions.model import Action, Limits
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore

STUBBORN = """
trap '' TERM INT HUP
(trap '' TERM; setsid sh -c "trap '' TERM; sleep {marker}; true") &
sleep {marker}
true
"""
"""Ignores what a polite engine would send, in a child and in a grandchild with a session of its own."""


def _stubborn(*, seconds: float) -> tuple[Action, str]:
    marker = f"98765.{random.randrange(10**9):09}"
    return shell(STUBBORN.format(marker=marker), limits=Limits(seconds=seconds)), f"sleep\0{marker}"


async def _until_running(marker: str) -> None:
    deadline = time.monotonic() + 20
    while len(processes_with(marker)) < 2:
        assert time.monotonic() < deadline, "the step never started"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("code", [0, 1, 2, 77, 127, 129, 255])
def test_the_exit_code_is_the_commands(executor: Executor, code: int) -> None:
    execution = execute(executor, shell(f"exit {code}"))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, code)


@pytest.mark.parametrize("name", ["TERM", "SEGV", "KILL", "ABRT"])
def test_a_signal_is_told_from_an_exit(executor: Executor, name: str) -> None:
    execution = execute(executor, shell(f"kill -{name} $$"))
    number = getattr(signal, f"SIG{name}")
    assert (execution.ending, execution.exit_code) == (Ending.SIGNALLED, 128 + number)


def test_a_command_that_is_not_there_is_named(executor: Executor) -> None:
    execution = execute(executor, step("no-such-program"))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 127)
    assert "no-such-program" in execution.detail


def test_a_command_that_fails_with_bubblewraps_own_code_has_started(
    executor: Executor, store: LocalStore
) -> None:
    execution = execute(executor, shell("echo 'bwrap: no such luck' >&2; exit 1"))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 1)


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


def test_cancelling_kills_everything_before_it_is_passed_on(executor: Executor) -> None:
    action, marker = _stubborn(seconds=60)

    async def cancel() -> None:
        task = asyncio.create_task(executor.execute(action, ()))
        await _until_running(marker)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert processes_with(marker) == []

    asyncio.run(cancel())


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


def test_processes_left_in_the_background_end_with_their_step(executor: Executor) -> None:
    marker = f"98765.{random.randrange(10**9):09}"
    many = f"i=0; while [ $i -lt 200 ]; do setsid sleep {marker} & i=$((i + 1)); done; exit 0"
    execution = execute(executor, shell(many))
    # So many that they can't all be gone at the moment when the step's first process ends.
    assert processes_with(marker) == []
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0)


def test_a_fork_bomb_is_stopped_by_the_process_limit(executor: Executor, store: LocalStore) -> None:
    script = "i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i + 1)); done"
    execution = execute(executor, shell(script, limits=Limits(seconds=20, processes=20)))
    assert execution.exit_code not in (0, None)
    assert "fork" in text(store, execution.stderr).lower()


def test_several_steps_each_have_the_whole_process_limit(executor: Executor) -> None:
    """As root all steps have one uid: their processes must not be counted together."""
    script = "i=0; while [ $i -lt 20 ]; do sleep 0.5 & i=$((i + 1)); done; wait"
    action = shell(script, limits=Limits(seconds=20, processes=30))

    async def together() -> list[int | None]:
        executions = await asyncio.gather(*(executor.execute(action, ()) for _ in range(4)))
        return [each.exit_code for each in executions]

    assert asyncio.run(together()) == [0, 0, 0, 0]


def test_taking_more_memory_than_allowed_is_told(executor: Executor) -> None:
    script = "x = bytearray(400 << 20)"
    limits = Limits(seconds=20, memory=100 << 20)
    execution = execute(executor, step("/usr/bin/python3", "-c", script, limits=limits))
    assert execution.ending is Ending.OUT_OF_MEMORY


def test_a_step_within_its_memory_limit_ends_well(executor: Executor) -> None:
    script = "x = bytearray(50 << 20)"
    limits = Limits(seconds=20, memory=200 << 20)
    assert execute(executor, step("/usr/bin/python3", "-c", script, limits=limits)).exit_code == 0
