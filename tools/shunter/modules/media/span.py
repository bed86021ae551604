"""A part of a recording, from one second to another."""

from __future__ import annotations

import math
from dataclasses import dataclass

from shunter.sdk import Failure


@dataclass(frozen=True)
class Span:
    """From `start` to `end`, in seconds from the recording's start; None is its end."""

    start: float = 0
    end: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and self.start >= 0):
            raise Failure(f"start is {self.start:g}; expected seconds from the beginning, 0 or more")
        if self.end is not None and not (math.isfinite(self.end) and self.end > self.start):
            raise Failure(f"end is {self.end:g}; expected a time after start, which is {self.start:g}")

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.start == 0 and self.end is None

    def check_within(self, name: str, length: float) -> None:
        """Raises Failure when it begins where the recording `name` of `length` seconds is over."""
        if self.start >= length:
            raise Failure(f"start is {self.start:g}, but {name} is only {length:.3f} seconds long")
