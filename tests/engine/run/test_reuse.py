"""Running what the cache has, and running nothing."""

from __future__ import annotations

import itertools

import pytest
from tests.engine.run.yard import Yard

from shunter.engine.actions.model import CachePolicy
from shunter.engine.run.reuse import EVERY_STEP, Misses
from shunter.engine.run.scheduler import OnFailure

CHAIN = """
version: 1
steps:
  - {id: made, call: toy.make, with: {text: a}}
  - {id: said, call: toy.echo, with: {text: {from: made}}}
  - {id: aside, call: toy.echo, with: {text: b}}
outputs: {said: {from: said}}
"""


@pytest.fixture(autouse=True)
def _make(yard: Yard) -> None:
    numbers = itertools.count(1)
    yard.function(
        "toy.make", {"text": "str"}, "str", lambda _: f"made {next(numbers)}", cache=CachePolicy.PINNED
    )


def test_a_fresh_step_runs_and_what_follows_from_another_result(yard: Yard) -> None:
    yard.run(CHAIN)
    ran = yard.run(CHAIN, fresh={"made"})
    assert ran.outcomes() == {"made": "executed", "said": "executed", "aside": "cached"}
    assert ran.report.outputs == {"said": "made 2"}
    again = yard.run(CHAIN)
    assert set(again.outcomes().values()) == {"cached"}
    assert again.report.outputs == {"said": "made 2"}


def test_what_follows_from_an_equal_result_is_cached(yard: Yard) -> None:
    yard.run(CHAIN)
    assert yard.run(CHAIN, fresh={"aside", "said"}).outcomes() == {
        "made": "cached",
        "said": "executed",
        "aside": "executed",
    }
    yard.function("toy.make", {"text": "str"}, "str", lambda _: "made 1", cache=CachePolicy.PINNED)
    assert yard.run(CHAIN, fresh={"made"}).outcomes() == {
        "made": "executed",
        "said": "cached",
        "aside": "cached",
    }


def test_every_step_can_be_fresh(yard: Yard) -> None:
    yard.run(CHAIN)
    assert set(yard.run(CHAIN, fresh=EVERY_STEP).outcomes().values()) == {"executed"}


def test_equal_calls_of_a_fresh_run_still_run_once(yard: Yard) -> None:
    plan = """
        version: 1
        steps:
          - {id: each, call: toy.make, each: {text: [a, a, b]}}
          - {id: later, call: toy.make, with: {text: a}}
          - {id: join, call: toy.join, with: {texts: {from: each}}}
          - {id: last, call: toy.echo, with: {text: {from: join}}}
        """
    yard.run(plan)
    before = len(yard.executed)
    ran = yard.run(plan, fresh=EVERY_STEP)
    assert sorted(yard.executed[before:])[-2:] == ["make(a)", "make(b)"]
    assert (
        ran.step("later").calls[0].value == ran.step("each").calls[0].value == ran.step("each").calls[1].value
    )


def test_a_fresh_call_beside_an_equal_one_that_may_be_cached_runs(yard: Yard) -> None:
    plan = """
        version: 1
        steps:
          - {id: first, call: toy.make, with: {text: a}}
          - {id: second, call: toy.make, with: {text: a}}
        """
    yard.run(plan)
    for name in ("first", "second"):
        assert yard.run(plan, fresh={name}).outcomes()[name] == "executed"


def test_where_nothing_may_run_the_cache_answers(yard: Yard) -> None:
    yard.run(CHAIN)
    yard.misses = Misses.REFUSE
    assert set(yard.run(CHAIN).outcomes().values()) == {"cached"}


def test_where_nothing_may_run_a_miss_is_a_failure_and_starts_nothing(yard: Yard) -> None:
    yard.misses = Misses.REFUSE
    ran = yard.run(CHAIN, on_failure=OnFailure.KEEP_GOING)
    assert yard.executed == []
    assert ran.failure("made") == "not-cached: toy.make isn't in the cache, and this run may not run it"
    assert ran.outcomes() == {"made": "failed", "said": "skipped", "aside": "failed"}


def test_where_nothing_may_run_what_is_never_cached_is_not_run_either(yard: Yard) -> None:
    yard.function("toy.send", {"text": "str"}, "str", lambda _: "sent", cache=CachePolicy.NEVER)
    plan = "{version: 1, steps: [{id: sent, call: toy.send, with: {text: a}}]}"
    yard.run(plan)
    yard.misses = Misses.REFUSE
    assert yard.run(plan).outcomes() == {"sent": "failed"}
    assert len(yard.executed) == 1
