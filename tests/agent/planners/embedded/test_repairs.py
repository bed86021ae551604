"""Plans after a failure: they differ from the failed one where it failed."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import PLANNER, plan_of, task

from shunter.agent.planners.protocol import Answer, Attempt, Missing, Proposal, StepFailure
from shunter.engine.actions.failure import FailureKind
from shunter.engine.actions.model import Limits
from shunter.engine.plan.model import Plan


def _answered(goal: str, kind: FailureKind, **given: str) -> tuple[Plan, Answer]:
    """The plan, and what is answered when its last step has failed."""
    plan = plan_of(PLANNER.plan(task(goal, **given)))
    step = plan.steps[-1]
    failure = StepFailure(step.id, step.call, kind, "it failed")
    return plan, PLANNER.plan(task(goal, Attempt(plan, failures=(failure,)), **given))


def _again(goal: str, kind: FailureKind, **given: str) -> tuple[Plan, Proposal]:
    plan, answer = _answered(goal, kind, **given)
    assert isinstance(answer, Proposal), answer
    return plan, answer


def test_a_step_that_took_too_long_gets_more_time() -> None:
    _, answer = _again("sort the lines of the log", FailureKind.TIMEOUT, log="txt")
    limits = answer.plan.steps[-1].limits
    assert limits is not None
    assert limits.timeout is not None
    assert limits.memory is None


def test_a_step_that_ran_out_of_memory_gets_more() -> None:
    _, answer = _again("sort the lines of the log", FailureKind.MEMORY, log="txt")
    limits = answer.plan.steps[-1].limits
    assert limits is not None
    assert limits.memory is not None


def test_a_step_that_wrote_too_much_may_write_more() -> None:
    _, answer = _again("sort the lines of the log", FailureKind.DISK, log="txt")
    limits = answer.plan.steps[-1].limits
    assert limits is not None
    assert limits.disk == 4 * Limits().disk
    assert answer.notes[0].endswith("gets 262144 MiB of disk")


def test_a_recording_that_cannot_be_read_is_converted_first() -> None:
    plan, answer = _again("transcribe the talk", FailureKind.EXIT, talk="mp3")
    assert len(answer.plan.steps) == len(plan.steps) + 1
    assert answer.plan.steps[-1].call == "speech.transcribe"


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.DISK])
def test_the_change_is_told(kind: FailureKind) -> None:
    _, answer = _again("sort the lines of the log", kind, log="txt")
    assert answer.notes[0].startswith("changed: ")


@pytest.mark.parametrize(
    "goal",
    [
        "sum the revenue by team in the sales",
        "group the sales by team",
        "the rows of the sales whose team is red",
        "keep the columns team and revenue of the sales",
    ],
)
def test_nothing_else_is_done_in_place_of_what_failed(goal: str) -> None:
    _, answer = _answered(goal, FailureKind.EXIT, sales="csv")
    assert isinstance(answer, Missing), answer
    assert answer.text.startswith("nothing else")


def test_another_function_that_does_the_same_takes_the_place_of_one() -> None:
    plan, answer = _again("tell me the properties of the talk", FailureKind.EXECUTOR, talk="mp3")
    calls = {plan.steps[-1].call, answer.plan.steps[-1].call}
    assert calls == {"media.properties", "speech.properties"}
