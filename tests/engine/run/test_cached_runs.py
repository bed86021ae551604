"""Runs that the cache answers: without an event loop, and with the same events and reports as others."""

from __future__ import annotations

import asyncio

import pytest
from tests.engine.run.yard import Recorder, Yard, argument

from shunter.engine.run.events import CallFinished, CallStarted, Event, RunFinished, RunStarted, StepFinished
from shunter.engine.run.outcome import Outcome, Status

CHAIN = """
version: 1
steps:
  - {id: first, call: toy.echo, with: {text: hello}}
  - {id: second, call: toy.join, with: {texts: [{from: first}, world]}}
outputs: {said: {from: second}}
"""
CHANGED = CHAIN.replace("world", "there")


def test_what_the_cache_has_needs_no_event_loop(yard: Yard) -> None:
    ran = yard.run(CHAIN)
    recorder = Recorder()
    report = yard.scheduler(CHAIN, recorder).take_cached()
    assert report is not None
    assert (report.status, report.outputs) == (Status.DONE, ran.report.outputs)
    assert [step.outcome for step in report.steps] == [Outcome.CACHED, Outcome.CACHED]
    assert isinstance(recorder.events[-1], RunFinished)


def test_a_run_goes_on_from_what_the_cache_had_and_tells_nothing_twice(yard: Yard) -> None:
    yard.run(CHAIN)
    recorder = Recorder()
    scheduler = yard.scheduler(CHANGED, recorder)
    assert scheduler.take_cached() is None
    assert not [event for event in recorder.events if isinstance(event, RunFinished)]
    report = asyncio.run(scheduler.run())
    assert [step.outcome for step in report.steps] == [Outcome.CACHED, Outcome.EXECUTED]
    assert _count(recorder, RunStarted) == _count(recorder, RunFinished) == _count(recorder, CallStarted) == 1
    assert _count(recorder, CallFinished) == _count(recorder, StepFinished) == 2


def test_an_empty_cache_gives_nothing_and_starts_nothing(yard: Yard) -> None:
    recorder = Recorder()
    assert yard.scheduler(CHAIN, recorder).take_cached() is None
    assert (yard.executed, _count(recorder, CallStarted)) == ([], 0)


def test_a_plan_that_fails_before_anything_runs_is_over_at_once(yard: Yard) -> None:
    yard.function("toy.letters", {"text": "str"}, "list[str]", lambda call: [*str(argument("text")(call))])
    yard.function("toy.pair", {"one": "str", "other": "str"}, "str", argument("one"))
    plan = """
    version: 1
    steps:
      - {id: one, call: toy.letters, with: {text: ab}}
      - {id: two, call: toy.letters, with: {text: a}}
      - {id: both, call: toy.pair, each: {one: {from: one}, other: {from: two}}}
    """
    assert yard.run(plan).outcomes() == {"one": "executed", "two": "executed", "both": "failed"}
    report = yard.scheduler(plan, Recorder()).take_cached()
    assert report is not None
    assert (report.status, report.steps[-1].outcome) == (Status.FAILED, Outcome.FAILED)


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt, Status.CANCELLED), (ValueError, Status.FAILED)]
)
def test_what_stops_a_run_while_the_cache_answers_is_told(
    yard: Yard, error: type[BaseException], status: Status
) -> None:
    yard.run(CHAIN)

    def stop(event: Event) -> None:
        if isinstance(event, StepFinished):
            raise error

    recorder = Recorder(also=stop)
    with pytest.raises(error):
        yard.scheduler(CHAIN, recorder).take_cached()
    last = recorder.events[-1]
    assert isinstance(last, RunFinished)
    assert last.report.status is status


def _count(recorder: Recorder, kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in recorder.events)
