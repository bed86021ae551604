"""What a benchmark gives: rows, each held against a floor that was measured in the same run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class NotMeasuredError(Exception):
    """Something can't be measured on this machine; the message says why, with no full stop."""


class Unit(Enum):
    """What a row's numbers count."""

    SECONDS = "s"
    MEBIBYTES = "MiB"


@dataclass(frozen=True, slots=True)
class Floor:
    """What is compared with, in the unit of the row, and in words: "the identical bwrap command"."""

    value: float
    what: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What is aimed at: at most `times` floors, and `plus` on top, in the unit of the row."""

    times: float = 0.0
    plus: float = 0.0

    def most(self, floor: Floor | None) -> float:
        """The most that a row with this floor may have."""
        return self.plus + (self.times * floor.value if floor is not None else 0.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `note` is for what the numbers alone don't tell, in a few words."""

    what: str
    measured: float
    floor: Floor | None = None
    reach: Reach | None = None
    unit: Unit = Unit.SECONDS
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """What was measured, in floors."""
        return None if self.floor is None else self.measured / self.floor.value

    @property
    def met(self) -> bool | None:
        """Whether what is aimed at was reached; None where nothing is aimed at."""
        return None if self.reach is None else self.measured <= self.reach.most(self.floor)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line of the table without numbers, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A part of the table, picked by its `name`; `what` stands there where nothing can be measured.

    `measure` gets a new folder on disk for whatever it needs, in which steps may pass through, and gives rows
    in the order of the table. It raises NotMeasuredError where this machine can't.
    """

    name: str
    what: str
    measure: Callable[[Path], Sequence[Row | Skipped]]
