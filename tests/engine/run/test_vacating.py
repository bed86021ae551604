"""What goes on while what a container left is being taken."""

from __future__ import annotations

import asyncio

import pytest
from tests.engine.run.yard import Recorder, Yard, argument

from shunter.engine.actions.model import Action
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import RunFinished


def _each(function: str, texts: str) -> str:
    return f"""
        version: 1
        steps:
          - {{id: all, call: {function}, each: {{text: [{", ".join(texts)}]}}}}
        """


async def _a_while(_: object = None) -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def test_the_next_call_starts_while_what_one_left_is_being_taken(yard: Yard) -> None:
    second = asyncio.Event()

    async def linger(action: Action) -> None:
        if action.arguments["text"] == "a":
            await second.wait()

    def play(call: ScriptedCall) -> object:
        if call.action.arguments["text"] == "b":
            second.set()
        return call.action.arguments["text"]

    yard.function("toy.play", {"text": "str"}, "str", play)
    yard.linger(linger)
    assert yard.run(_each("toy.play", "ab"), jobs=1).outcomes() == {"all": "executed"}


@pytest.mark.parametrize("jobs", [1, 3])
def test_of_no_more_calls_is_taken_what_they_left_than_there_are_jobs(yard: Yard, jobs: int) -> None:
    """Beyond that a call keeps its slot, so that what isn't taken yet can't pile up."""
    running: list[object] = []
    left: list[object] = []
    most_running, most_left = 0, 0

    async def play(call: ScriptedCall) -> object:
        nonlocal most_running
        running.append(call)
        most_running = max(most_running, len(running))
        await asyncio.sleep(0)
        running.remove(call)
        return call.action.arguments["text"]

    async def linger(action: Action) -> None:
        nonlocal most_left
        left.append(action)
        most_left = max(most_left, len(left))
        await _a_while()
        left.remove(action)

    yard.function("toy.play", {"text": "str"}, "str", play)
    yard.linger(linger)
    assert yard.run(_each("toy.play", "abcdefghijkl"), jobs=jobs).outcomes() == {"all": "executed"}
    assert most_running == jobs
    assert most_left == 2 * jobs  # those that gave their slots back, and those that kept them


def test_a_call_that_failed_keeps_its_slot_until_that_is_known(yard: Yard) -> None:
    yard.function("toy.fail", {"text": "str"}, "str", lambda _: Answer(1))
    yard.linger(_a_while)
    ran = yard.run(_each("toy.fail", "abc"), jobs=1)
    assert yard.executed == ["fail(a)"]
    assert ran.calls("all") == ["failed"]


def test_a_slot_is_kept_for_what_a_step_makes_ready_where_that_comes_first(yard: Yard) -> None:
    yard.linger(_a_while)
    yard.run(
        """
        version: 1
        steps:
          - {id: long, call: toy.echo, with: {text: long}}
          - {id: long_2, call: toy.join, with: {texts: [{from: long}, b]}}
          - {id: long_3, call: toy.join, with: {texts: [{from: long_2}, c]}}
          - {id: lone, call: toy.echo, with: {text: lone}}
          - {id: last, call: toy.echo, with: {text: last}}
        """,
        jobs=1,
    )
    assert yard.executed[:2] == ["echo(long)", "join(('long', 'b'))"]


def test_a_run_is_cancelled_while_what_its_steps_left_is_being_taken(yard: Yard) -> None:
    second = asyncio.Event()

    async def linger(action: Action) -> None:
        if action.arguments["text"] == "b":
            second.set()
        await asyncio.Event().wait()

    async def cancel() -> None:
        run = asyncio.create_task(yard.scheduler(_each("toy.say", "abc"), recorder, jobs=1).run())
        await asyncio.wait_for(second.wait(), 20)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    recorder = Recorder()
    yard.function("toy.say", {"text": "str"}, "str", argument("text"))
    yard.linger(linger)
    asyncio.run(cancel())
    assert yard.executed == ["say(a)", "say(b)"]
    (last,) = (event for event in recorder.events if isinstance(event, RunFinished))
    assert last.report.status.value == "cancelled"
