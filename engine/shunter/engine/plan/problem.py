"""What the checker reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

Location: TypeAlias = tuple[str | int, ...]
"""The way to a place in a plan: keys and indices from the root, as in `("steps", 2, "with", "audio")`."""


@dataclass(frozen=True)
class Lines:
    """The line on which each place of a text begins."""

    at: Mapping[Location, int] = field(default_factory=dict)

    def of(self, location: Location) -> int | None:
        """The line of `location`, or of the nearest place around it."""
        while location and location not in self.at:
            location = location[:-1]
        return self.at.get(location)


class Code(Enum):
    """The kinds of problems; each name is part of the interface."""

    STRUCTURE = "structure"  # not the form of a plan: a missing, unknown or malformed field
    DUPLICATE_NAME = "duplicate-name"
    UNKNOWN_FUNCTION = "unknown-function"
    UNKNOWN_PARAMETER = "unknown-parameter"
    MISSING_ARGUMENT = "missing-argument"
    UNKNOWN_REFERENCE = "unknown-reference"
    UNKNOWN_FIELD = "unknown-field"
    TYPE = "type"
    NARROWING = "narrowing"
    EACH = "each"
    CYCLE = "cycle"
    HOST = "host"
    SECRET = "secret"
    REQUIRES = "requires"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a plan.

    `where` is the location for people, with steps by their id; `line` counts from 1 where the plan came
    from a file; `candidates` are names that would fit in the place, the best first.
    """

    code: Code
    where: str
    message: str
    line: int | None = None
    expected: str | None = None
    got: str | None = None
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"line {self.line}, {self.where}" if self.line else self.where
        text = f"{place}: {self.message}"
        if self.expected is not None:
            text += f"; expected {self.expected}, got {self.got}"
        return text + (f"; fits: {', '.join(self.candidates)}" if self.candidates else "")
