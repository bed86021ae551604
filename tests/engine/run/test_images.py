"""A step whose image can't be had."""

from __future__ import annotations

from tests.engine.run.yard import Yard

from shunter.engine.errors import ImageUnavailable
from shunter.engine.run.outcome import Status


def test_an_image_that_cannot_be_had_fails_the_step_and_not_the_run(yard: Yard) -> None:
    def missing(_: object) -> object:
        raise ImageUnavailable("the registry a.example can't be reached: no route", hint="check the network")

    yard.function("toy.lost", {}, "str", missing)
    yard.function("toy.other", {}, "str", lambda _: "well")
    plan = """
version: 1
steps:
  - {id: lost, call: toy.lost}
  - {id: other, call: toy.other}
"""
    from shunter.engine.run.scheduler import OnFailure

    ran = yard.run(plan, on_failure=OnFailure.KEEP_GOING)
    assert ran.report.status is Status.FAILED
    assert ran.failure("lost") == (
        "environment: toy.lost has no image to run in: the registry a.example can't be reached: no route"
    )
    failure = ran.step("lost").failures[0].failure
    assert failure is not None
    assert failure.hint == "check the network"
    assert ran.outcomes()["other"] == "executed"
