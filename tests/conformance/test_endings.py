"""How steps end by themselves."""

from __future__ import annotations

import asyncio
import random
import signal

import pytest
from tests.conformance.steps import execute, processes_with, shell, step, text

from shunter.engine.actions.model import Limits
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Tree

pytestmark = pytest.mark.promise(Promise.ENDINGS)


@pytest.mark.promise(Promise.CONTAINERS)
def test_the_executor_says_that_containers_start(executor: Executor) -> None:
    executor.check()
    assert execute(executor, shell("true")).ending is Ending.EXITED


@pytest.mark.parametrize("code", [0, 1, 2, 77, 126, 127, 129, 255])
def test_the_exit_code_is_the_commands(executor: Executor, code: int) -> None:
    execution = execute(executor, shell(f"exit {code}"))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, code)


@pytest.mark.parametrize("name", ["TERM", "SEGV", "KILL", "ABRT", "USR1"])
def test_a_signal_is_told_from_an_exit(executor: Executor, name: str) -> None:
    execution = execute(executor, shell(f"kill -{name} $$"))
    number = getattr(signal, f"SIG{name}")
    assert (execution.ending, execution.exit_code) == (Ending.SIGNALLED, 128 + number)


def test_a_command_that_is_not_there_is_named(executor: Executor) -> None:
    execution = execute(executor, step("no-such-program"))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 127)
    assert "no-such-program" in execution.detail


def test_a_command_that_fails_with_a_runtimes_own_words_has_started(executor: Executor) -> None:
    for code, words in ((1, "bwrap: no such luck"), (125, "docker: Error response from daemon")):
        execution = execute(executor, shell(f"echo '{words}' >&2; exit {code}"))
        assert (execution.ending, execution.exit_code) == (Ending.EXITED, code)


def test_a_failed_step_leaves_no_outputs_but_its_words(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, shell("echo half >/out/a; echo said; echo complained >&2; exit 3"))
    assert (execution.ending, execution.exit_code, execution.out) == (Ending.EXITED, 3, Tree(()))
    assert text(store, execution.stdout) == "said\n"
    assert text(store, execution.stderr) == "complained\n"


def test_who_waits_is_told_when_a_step_that_ended_well_computes_nothing_any_more(executor: Executor) -> None:
    marker = f"98765.{random.randrange(10**9):09}"
    told: list[list[int]] = []
    action = shell(f"i=0; while [ $i -lt 50 ]; do setsid sleep {marker} & i=$((i + 1)); done; echo a >/out/a")
    execution = asyncio.run(executor.execute(action, (), vacated=lambda: told.append(processes_with(marker))))
    assert told == [[]]
    assert [path for path, _ in execution.out.entries] == ["a"]


@pytest.mark.parametrize("script", ["exit 3", "kill -KILL $$", "sleep 60"])
def test_nobody_is_told_of_a_step_that_did_not_end_well(executor: Executor, script: str) -> None:
    told: list[str] = []
    action = shell(script, limits=Limits(seconds=1))
    asyncio.run(executor.execute(action, (), vacated=lambda: told.append(script)))
    assert told == []


def test_a_step_cancelled_when_it_is_over_leaves_nothing_behind(
    executor: Executor, store: LocalStore
) -> None:
    async def cancel() -> None:
        def over() -> None:
            task.cancel()

        task = asyncio.create_task(executor.execute(shell("echo a >/out/a"), (), vacated=over))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert list((store.home / "scratch").glob("*/step-*")) == []
