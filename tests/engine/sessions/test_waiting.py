"""How long a step has waited, and how long it may still run."""

from __future__ import annotations

import time

from shunter.engine.executors.allowance import Allowance
from shunter.engine.sessions.waiting import Waiting


class Clock:
    """Says how long was waited."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def waited(self) -> float:
        """Whatever it was told."""
        return self.seconds


def test_waits_that_are_under_way_together_count_once() -> None:
    waiting, begin = Waiting(), time.monotonic()
    with waiting:
        with waiting:
            time.sleep(0.02)
        assert 0.02 <= waiting.seconds <= time.monotonic() - begin
    whole, all_in_all = waiting.seconds, time.monotonic() - begin
    assert 0.02 <= whole <= all_in_all
    time.sleep(0.01)
    assert waiting.seconds == whole
    with waiting:
        assert waiting.seconds >= whole


def test_what_was_waited_is_not_taken_from_a_steps_time() -> None:
    clock = Clock()
    allowance = Allowance(10.0, clock)
    before = allowance.left
    assert 9 < before <= 10
    clock.seconds = 100.0
    assert 109 < allowance.left <= 110
    assert Allowance(0.0).left <= 0
