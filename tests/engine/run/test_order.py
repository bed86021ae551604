"""What is started when."""

from __future__ import annotations

import asyncio

from tests.engine.run.yard import Yard

from shunter.engine.executors.scripted import ScriptedCall
from shunter.engine.run.events import CallStarted

CHAIN = """
version: 1
steps:
  - {id: last, call: toy.echo, with: {text: {from: middle}}}
  - {id: middle, call: toy.echo, with: {text: {from: first}}}
  - {id: first, call: toy.echo, with: {text: hello}}
outputs: {said: {from: last}}
"""


def test_a_step_runs_after_the_steps_that_it_needs_whatever_the_order_in_the_plan(yard: Yard) -> None:
    ran = yard.run(CHAIN)
    assert [event.step for event in ran.events if isinstance(event, CallStarted)] == ["first"]
    assert ran.outcomes() == {"first": "executed", "middle": "cached", "last": "cached"}
    assert ran.report.outputs == {"said": "hello"}


def test_the_longest_chain_is_started_first(yard: Yard) -> None:
    yard.run(
        """
        version: 1
        steps:
          - {id: lone, call: toy.echo, with: {text: lone}}
          - {id: pair, call: toy.echo, with: {text: pair}}
          - {id: after_pair, call: toy.join, with: {texts: [{from: pair}, two]}}
          - {id: long, call: toy.echo, with: {text: long}}
          - {id: long_2, call: toy.join, with: {texts: [{from: long}, b]}}
          - {id: long_3, call: toy.join, with: {texts: [{from: long_2}, c]}}
        """,
        jobs=1,
    )
    assert yard.executed == [
        "echo(long)",
        "echo(pair)",
        "join(('long', 'b'))",
        "echo(lone)",
        "join(('pair', 'two'))",
        "join(('long+b', 'c'))",
    ]


def _fan(number: int) -> str:
    items = ", ".join(f"t{index}" for index in range(number))
    return f"""
        version: 1
        steps:
          - {{id: all, call: toy.meet, each: {{text: [{items}]}}}}
        """


def test_as_many_calls_run_at_once_as_there_are_jobs(yard: Yard) -> None:
    meeting = asyncio.Barrier(3)

    async def meet(call: ScriptedCall) -> object:
        await meeting.wait()  # only three together get past it
        return call.action.arguments["text"]

    yard.function("toy.meet", {"text": "str"}, "str", meet)
    assert yard.run(_fan(6), jobs=3).outcomes() == {"all": "executed"}


def test_no_more_calls_run_at_once_than_there_are_jobs(yard: Yard) -> None:
    running: list[object] = []
    most: list[int] = []

    async def meet(call: ScriptedCall) -> object:
        running.append(call)
        most.append(len(running))
        for _ in range(20):
            await asyncio.sleep(0)
        running.remove(call)
        return call.action.arguments["text"]

    yard.function("toy.meet", {"text": "str"}, "str", meet)
    yard.run(_fan(10), jobs=3)
    assert max(most) == 3
    assert len(most) == 10


def test_a_slot_that_gets_free_is_filled_at_once(yard: Yard) -> None:
    """One slow call holds one of two slots; everything else goes through the other one meanwhile."""
    others = asyncio.Event()
    done: list[object] = []

    async def meet(call: ScriptedCall) -> object:
        text = call.action.arguments["text"]
        if text == "t0":
            await others.wait()
        done.append(text)
        if len(done) == 5:
            others.set()
        return text

    yard.function("toy.meet", {"text": "str"}, "str", meet)
    yard.run(_fan(6), jobs=2)
    assert done == ["t1", "t2", "t3", "t4", "t5", "t0"]


def test_a_step_does_not_wait_for_slow_steps_that_it_does_not_need(yard: Yard) -> None:
    followed = asyncio.Event()

    async def slow(call: ScriptedCall) -> object:
        await followed.wait()
        return "slow"

    def follow(call: ScriptedCall) -> object:
        followed.set()
        return "followed"

    yard.function("toy.slow", {}, "str", slow)
    yard.function("toy.follow", {"text": "str"}, "str", follow)
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: slow, call: toy.slow}
          - {id: quick, call: toy.echo, with: {text: x}}
          - {id: after, call: toy.follow, with: {text: {from: quick}}}
        """
    )
    assert set(ran.outcomes().values()) == {"executed"}


def test_a_plan_without_steps_is_done(yard: Yard) -> None:
    ran = yard.run("{version: 1, steps: [], outputs: {x: [1, 2]}}")
    assert (ran.report.status.value, ran.report.outputs) == ("done", {"x": (1, 2)})


def test_a_chain_of_a_thousand_cached_steps_needs_no_deep_stack(yard: Yard) -> None:
    steps = "\n".join(
        f"  - {{id: s{index}, call: toy.echo, with: {{text: {'x' if index == 0 else f'{{from: s{index - 1}}}'}}}}}"
        for index in range(1000)
    )
    ran = yard.run(f"version: 1\nsteps:\n{steps}\noutputs: {{end: {{from: s999}}}}")
    assert ran.report.outputs == {"end": "x"}
    assert yard.executed == ["echo(x)"]
