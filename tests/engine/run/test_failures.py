"""What a failure stops, and what it doesn't."""

from __future__ import annotations

import asyncio

import pytest
from tests.engine.run.yard import Recorder, Yard

from shunter.engine.errors import StoreError
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.scripted import Answer, ScriptedCall
from shunter.engine.run.events import CallStarted, RunFinished, StepFinished
from shunter.engine.run.scheduler import OnFailure

PLAN = """
version: 1
steps:
  - {id: bad, call: toy.bad}
  - {id: after_bad, call: toy.echo, with: {text: {from: bad}}}
  - {id: slow, call: toy.slow}
  - {id: after_slow, call: toy.echo, with: {text: {from: slow}}}
outputs: {end: {from: after_slow}}
"""


@pytest.fixture(autouse=True)
def _bad_and_slow(yard: Yard) -> None:
    """`toy.slow` is running when `toy.bad` fails, and ends after that."""
    failed = asyncio.Event()

    def bad(call: ScriptedCall) -> object:
        asyncio.get_running_loop().call_later(0.03, failed.set)
        return Answer(7, stderr=b"bad luck\n")

    async def slow(call: ScriptedCall) -> object:
        await failed.wait()
        return "slow"

    yard.function("toy.bad", {}, "str", bad)
    yard.function("toy.slow", {}, "str", slow)


def test_after_a_failure_nothing_new_is_started_and_what_runs_is_let_finish_and_kept(yard: Yard) -> None:
    ran = yard.run(PLAN)
    assert ran.report.status.value == "failed"
    assert ran.outcomes() == {
        "bad": "failed",
        "after_bad": "skipped",
        "slow": "executed",
        "after_slow": "skipped",
    }
    assert ran.report.outputs == {}
    assert yard.run(PLAN).outcomes()["slow"] == "cached"


def test_keep_going_runs_all_that_does_not_depend_on_the_failure(yard: Yard) -> None:
    ran = yard.run(PLAN, on_failure=OnFailure.KEEP_GOING)
    assert ran.outcomes() == {
        "bad": "failed",
        "after_bad": "skipped",
        "slow": "executed",
        "after_slow": "executed",
    }
    assert ran.report.status.value == "failed"


def test_calls_that_were_queued_are_not_started_after_a_failure(yard: Yard) -> None:
    yard.function(
        "toy.picky", {"text": "str"}, "str", lambda call: Answer(call.action.arguments["text"] == "a")
    )
    ran = yard.run("{version: 1, steps: [{id: all, call: toy.picky, each: {text: [a, b, c]}}]}", jobs=1)
    assert yard.executed == ["picky(a)"]
    assert ran.calls("all") == ["failed"]
    assert ran.outcomes() == {"all": "failed"}


def test_a_step_that_failed_before_all_its_calls_began_is_told_as_finished(yard: Yard) -> None:
    yard.function(
        "toy.picky", {"text": "str"}, "str", lambda call: Answer(call.action.arguments["text"] == "a")
    )
    ran = yard.run("{version: 1, steps: [{id: all, call: toy.picky, each: {text: [a, b, c]}}]}", jobs=1)
    finished = [event.report.outcome.value for event in ran.events if isinstance(event, StepFinished)]
    assert finished == ["failed"]


def test_a_failure_carries_the_code_the_last_lines_and_the_command(yard: Yard) -> None:
    (call,) = yard.run(PLAN).step("bad").failures
    assert call.failure is not None
    assert (call.failure.exit_code, call.failure.stderr, call.failure.command) == (
        7,
        "bad luck",
        ("play", "toy.bad"),
    )
    assert call.failure.message == "toy.bad ended with exit code 7"


def test_cached_steps_are_still_told_when_something_else_fails(yard: Yard) -> None:
    warm = "{version: 1, steps: [{id: warm, call: toy.echo, with: {text: warm}}]}"
    yard.run(warm)
    ran = yard.run(warm.replace("}]}", "}, {id: bad, call: toy.bad}]}"))
    assert ran.outcomes() == {"warm": "cached", "bad": "failed"}


def test_an_error_of_the_engine_ends_the_run_and_what_runs(yard: Yard) -> None:
    ended: list[str] = []

    async def forever(call: ScriptedCall) -> object:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("forever")
        return "never"

    def broken(call: ScriptedCall) -> object:
        raise StoreError("no space is left")

    yard.function("toy.forever", {}, "str", forever)
    yard.function("toy.broken", {}, "str", broken)
    recorder = Recorder()
    plan = "{version: 1, steps: [{id: forever, call: toy.forever}, {id: broken, call: toy.broken}]}"
    with pytest.raises(StoreError, match="no space is left"):
        asyncio.run(yard.scheduler(plan, recorder).run())
    assert ended == ["forever"]
    assert isinstance(recorder.events[-1], RunFinished)
    assert recorder.events[-1].report.status.value == "failed"


def test_cancelling_ends_what_runs_and_keeps_what_is_done(yard: Yard) -> None:
    ended: list[str] = []

    async def forever(call: ScriptedCall) -> object:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("forever")
        return "never"

    yard.function("toy.forever", {"text": "str"}, "str", forever)
    plan = """
        version: 1
        steps:
          - {id: quick, call: toy.echo, with: {text: quick}}
          - {id: forever, call: toy.forever, with: {text: {from: quick}}}
          - {id: never, call: toy.echo, with: {text: {from: forever}}}
        """
    recorder = Recorder()

    async def cancelled() -> None:
        running = asyncio.create_task(yard.scheduler(plan, recorder).run())

        def cancel(event: object) -> None:
            if event == CallStarted("forever", None):
                running.cancel()

        recorder.also = cancel
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 20)

    asyncio.run(cancelled())
    last = recorder.events[-1]
    assert isinstance(last, RunFinished)
    assert last.report.status.value == "cancelled"
    assert {step.id: step.outcome.value for step in last.report.steps} == {
        "quick": "executed",
        "forever": "skipped",
        "never": "skipped",
    }
    assert yard.executed in (["echo(quick)"], ["echo(quick)", "forever(quick)"])
    assert len(ended) == len(yard.executed) - 1
    assert (
        yard.run(plan.replace("forever, call: toy.forever", "forever, call: toy.echo")).outcomes()["quick"]
        == "cached"
    )


@pytest.mark.parametrize(
    ("failing", "status", "executed"), [(1, "done", 2), (2, "done", 3), (3, "failed", 3)]
)
def test_a_container_that_did_not_start_is_tried_again(
    yard: Yard, failing: int, status: str, executed: int
) -> None:
    starts: list[int] = []

    def flaky(call: ScriptedCall) -> object:
        starts.append(len(starts))
        if len(starts) <= failing:
            return Answer(None, ending=Ending.NOT_STARTED, detail="out of processes")
        return "there"

    yard.function("toy.flaky", {}, "str", flaky)
    ran = yard.run("{version: 1, steps: [{id: it, call: toy.flaky}]}")
    assert (ran.report.status.value, len(starts)) == (status, executed)
