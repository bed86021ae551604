"""What runs again, and what doesn't."""

from __future__ import annotations

import asyncio
import itertools
import time

from tests.engine.run.yard import Yard

from shunter.engine.actions.model import CachePolicy
from shunter.engine.executors.scripted import Answer, ScriptedCall

ONE = "{version: 1, steps: [{id: one, call: toy.one}], outputs: {got: {from: one}}}"

TWO_WAVES = """
version: 1
steps:
  - {id: a, call: toy.echo, with: {text: a}}
  - {id: b, call: toy.echo, with: {text: b}}
  - {id: c, call: toy.echo, with: {text: c}}
  - {id: join, call: toy.join, with: {texts: [{from: a}, {from: b}, {from: c}]}}
  - {id: more, call: toy.join, each: {texts: [[x], [y]]}}
outputs: {joined: {from: join}}
"""


def test_a_second_run_answers_from_the_cache(yard: Yard) -> None:
    first = yard.run(TWO_WAVES)
    again = yard.run(TWO_WAVES)
    assert set(first.outcomes().values()) == {"executed"}
    assert set(again.outcomes().values()) == {"cached"}
    assert again.report.outputs == first.report.outputs == {"joined": "a+b+c"}
    assert len(yard.executed) == 6


def test_a_wave_of_calls_is_looked_up_in_one_batch(yard: Yard) -> None:
    yard.run(TWO_WAVES)
    yard.store.asked.clear()
    yard.run(TWO_WAVES)
    assert yard.store.asked == [5, 1]


def test_the_cache_outlives_the_store_that_wrote_it(yard: Yard) -> None:
    yard.run(TWO_WAVES)
    other = Yard(yard.store.home)
    other.function("toy.echo", {"text": "str"}, "str", lambda _: "never asked")
    other.function("toy.join", {"texts": "list[str]"}, "str", lambda _: "never asked")
    assert other.run(TWO_WAVES).report.outputs == {"joined": "a+b+c"}
    assert other.executed == []
    other.store.close()


def _words(*words: str) -> str:
    return f"""
        version: 1
        steps:
          - {{id: words, call: toy.echo, each: {{text: [{", ".join(words)}]}}}}
          - {{id: joined, call: toy.join, with: {{texts: {{from: words}}}}}}
        outputs: {{all: {{from: words}}, joined: {{from: joined}}}}
        """


def test_one_changed_element_runs_alone_with_what_depends_on_it(yard: Yard) -> None:
    yard.run(_words("a", "b", "c", "d"))
    ran = yard.run(_words("a", "b", "other", "d"))
    assert ran.calls("words") == ["cached", "cached", "executed", "cached"]
    assert ran.outcomes() == {"words": "executed", "joined": "executed"}
    assert yard.executed[5:] == ["echo(other)", "join(('a', 'b', 'other', 'd'))"]
    assert ran.report.outputs["all"] == ("a", "b", "other", "d")


def test_elements_in_another_order_are_all_cached(yard: Yard) -> None:
    yard.run(_words("a", "b", "c"))
    assert yard.run(_words("c", "a", "b")).calls("words") == ["cached"] * 3


def test_a_result_that_comes_out_the_same_runs_nothing_after_it(yard: Yard) -> None:
    yard.function(
        "toy.length", {"text": "str"}, "str", lambda call: str(len(str(call.action.arguments["text"])))
    )
    plan = """
        version: 1
        steps:
          - {id: length, call: toy.length, with: {text: WORD}}
          - {id: after, call: toy.echo, with: {text: {from: length}}}
        """
    yard.run(plan.replace("WORD", "four"))
    assert yard.run(plan.replace("WORD", "size")).outcomes() == {"length": "executed", "after": "cached"}


def test_equal_calls_of_one_plan_run_once(yard: Yard) -> None:
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: one, call: toy.echo, with: {text: same}}
          - {id: two, call: toy.echo, with: {text: same}}
          - {id: each, call: toy.echo, each: {text: [same, other, same]}}
        outputs: {one: {from: one}, two: {from: two}, each: {from: each}}
        """
    )
    assert sorted(yard.executed) == ["echo(other)", "echo(same)"]
    assert ran.report.outputs == {"one": "same", "two": "same", "each": ("same", "other", "same")}
    assert ran.outcomes() == {"one": "executed", "two": "cached", "each": "executed"}


def test_a_call_that_becomes_ready_while_its_equal_runs_waits_for_that_one(yard: Yard) -> None:
    asked = asyncio.Event()

    async def slow(call: ScriptedCall) -> object:
        if call.action.arguments["text"] == "slow":
            await asked.wait()
        return "slow"

    def ask(call: ScriptedCall) -> object:
        asyncio.get_running_loop().call_later(0.05, asked.set)
        return "slow"

    yard.function("toy.slow", {"text": "str"}, "str", slow)
    yard.function("toy.ask", {}, "str", ask)
    ran = yard.run(
        """
        version: 1
        steps:
          - {id: running, call: toy.slow, with: {text: slow}}
          - {id: ask, call: toy.ask}
          - {id: equal, call: toy.slow, with: {text: {from: ask}}}
        """
    )
    assert ran.outcomes() == {"running": "executed", "ask": "executed", "equal": "cached"}
    assert sorted(yard.executed) == ["ask()", "slow(slow)"]


def test_equal_calls_that_fail_fail_both(yard: Yard) -> None:
    yard.function("toy.one", {}, "str", lambda _: Answer(1, stderr=b"no\n"))
    ran = yard.run("{version: 1, steps: [{id: one, call: toy.one}, {id: two, call: toy.one}]}")
    assert ran.outcomes() == {"one": "failed", "two": "failed"}
    assert yard.executed == ["one()"]


def test_a_failed_step_is_not_cached(yard: Yard) -> None:
    answers = iter([Answer(1), "worked"])
    yard.function("toy.one", {}, "str", lambda _: next(answers))
    assert yard.run(ONE).outcomes() == {"one": "failed"}
    assert yard.run(ONE).report.outputs == {"got": "worked"}
    assert yard.run(ONE).outcomes() == {"one": "cached"}


def test_an_answer_of_a_wrong_type_is_not_cached(yard: Yard) -> None:
    answers = iter([17, "worked"])
    yard.function("toy.one", {}, "str", lambda _: next(answers))
    assert yard.run(ONE).outcomes() == {"one": "failed"}
    assert yard.run(ONE).report.outputs == {"got": "worked"}


def test_a_function_that_is_never_cached_always_runs(yard: Yard) -> None:
    numbers = itertools.count()
    yard.function("toy.one", {}, "int", lambda _: next(numbers), cache=CachePolicy.NEVER)
    assert [yard.run(ONE).report.outputs["got"] for _ in range(3)] == [0, 1, 2]
    assert yard.run(ONE).outcomes() == {"one": "executed"}


def test_equal_calls_of_a_function_that_is_never_cached_each_run(yard: Yard) -> None:
    """Two steps that send a message send two."""
    numbers = itertools.count()
    yard.function("toy.one", {}, "int", lambda _: next(numbers), cache=CachePolicy.NEVER)
    ran = yard.run(
        """
        version: 1
        steps: [{id: one, call: toy.one}, {id: two, call: toy.one}]
        outputs: {got: [{from: one}, {from: two}]}
        """
    )
    assert ran.outcomes() == {"one": "executed", "two": "executed"}
    assert sorted(ran.report.outputs["got"]) == [0, 1]  # type: ignore[arg-type, type-var]


def test_a_result_with_a_time_to_live_is_used_until_then(yard: Yard) -> None:
    numbers = itertools.count()
    yard.function("toy.one", {}, "int", lambda _: next(numbers), cache=CachePolicy.TTL, ttl=0.5)
    began = time.monotonic()
    assert yard.run(ONE).report.outputs == {"got": 0}
    again = yard.run(ONE)
    assert time.monotonic() - began > 0.5 or again.outcomes() == {"one": "cached"}
    while yard.run(ONE).report.outputs == {"got": 0}:
        assert time.monotonic() - began < 10, "the result never expired"
        time.sleep(0.05)
    assert time.monotonic() - began >= 0.5
    assert len(yard.executed) == 2


def test_a_pinned_result_is_kept(yard: Yard) -> None:
    numbers = itertools.count()
    yard.function("toy.one", {}, "int", lambda _: next(numbers), cache=CachePolicy.PINNED)
    assert [yard.run(ONE).report.outputs["got"] for _ in range(2)] == [0, 0]


def test_a_cached_step_has_the_logs_of_the_run_that_made_it(yard: Yard) -> None:
    def talk(call: ScriptedCall) -> object:
        (call.out / "result.json").write_text('{"result": "x"}')
        return Answer(0, stdout=b"out\n", stderr=b"err\n")

    yard.function("toy.one", {}, "str", talk)
    yard.run(ONE)
    (call,) = yard.run(ONE).step("one").calls
    assert (yard.text(call.stdout), yard.text(call.stderr)) == ("out\n", "err\n")


def test_a_result_whose_file_is_gone_is_made_again(yard: Yard) -> None:
    def write(call: ScriptedCall) -> object:
        (call.out / "a.txt").write_text("content of its own")
        return {"$file": "/out/a.txt"}

    yard.function("toy.one", {}, "File", write)
    made = yard.run(ONE).report.outputs["got"]
    yard.store.blob_path(made).unlink()  # type: ignore[arg-type]
    assert yard.run(ONE).outcomes() == {"one": "executed"}
    assert yard.text(made) == "content of its own"
