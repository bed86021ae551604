"""How much a plan may cost: seconds, tokens, requests, bytes, and the waits between tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shunter.agent.planners.model.completion import Completion
from shunter.agent.planners.protocol import Usage


@dataclass(frozen=True, slots=True)
class Retries:
    """How often what is transient is tried, and how long is waited in between, in seconds.

    The wait doubles from `first` on; an endpoint's Retry-After goes before it. Neither is ever longer than
    `most`: where the endpoint wants more, the planner gives up at once and says so.
    """

    tries: int = 4
    first: float = 0.5
    most: float = 20.0
    sleep: Callable[[float], None] = time.sleep

    def growing(self, number: int) -> float:
        """The wait after try `number`, where the endpoint names none."""
        return min(self.most, self.first * 2.0 ** (number - 1))


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one plan. Characters stand for tokens where the endpoint doesn't count them."""

    seconds: float = 180.0
    request_seconds: float = 90.0
    repairs: int = 2
    tokens: int = 100_000
    answer_tokens: int = 8_000
    answer_bytes: int = 1 << 20
    goal_characters: int = 20_000
    retries: Retries = field(default_factory=Retries)

    def within(self, seconds: float | None) -> float:
        """The seconds there are, where the goal has a limit of its own."""
        return self.seconds if seconds is None else min(self.seconds, seconds)


class Spending:
    """What one plan has cost so far."""

    def __init__(self, budget: Budget, seconds: float | None = None) -> None:
        self.budget = budget
        self.tokens = 0
        self.requests = 0
        self._end = time.monotonic() + budget.within(seconds)

    @property
    def left(self) -> float:
        """Seconds until the end; 0 when it has come."""
        return max(0.0, self._end - time.monotonic())

    @property
    def request_left(self) -> float:
        """The seconds that the next request may take."""
        return max(0.001, min(self.budget.request_seconds, self.left))

    def count(self, completion: Completion, sent: int) -> None:
        """Add what an answer to `sent` characters has cost."""
        self.tokens += completion.tokens or (sent + len(completion.text)) // 3

    @property
    def exhausted(self) -> str | None:
        """What there is no more of, or None."""
        if not self.left:
            return "the time for planning is used up"
        if self.tokens >= self.budget.tokens:
            return f"the {self.budget.tokens:,} tokens for planning are used up"
        return None

    @property
    def usage(self) -> Usage:
        """What it comes to."""
        return Usage(self.requests, self.tokens)

    def __str__(self) -> str:
        return f"{self.requests} request{'' if self.requests == 1 else 's'}, {self.tokens:,} tokens"
