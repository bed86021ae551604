"""Plans after a failure: they differ from the failed one where it failed."""

from __future__ import annotations

import pytest
from tests.agent.planners.embedded.asking import PLANNER, plan_of, task

from shunter.agent.planners.protocol import Attempt, Proposal, StepFailure
from shunter.engine.actions.failure import FailureKind
from shunter.engine.actions.model import Limits
from shunter.engine.plan.model import Plan


def _again(goal: str, kind: FailureKind, **given: str) -> tuple[Plan, Proposal]:
    plan = plan_of(PLANNER.plan(task(goal, **given)))
    step = plan.steps[-1]
    failure = StepFailure(step.id, step.call, kind, "it failed")
    answer = PLANNER.plan(task(goal, Attempt(plan, failures=(failure,)), **given))
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
