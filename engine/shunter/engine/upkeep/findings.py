"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shunter.engine.upkeep.items import Item


class Mending(Enum):
    """What became of something damaged."""

    LEFT = "left"  # nobody asked for a repair
    MADE_AGAIN = "made again"  # from what else is in the store
    REMOVED = "removed"  # whoever needs it makes it again


@dataclass(frozen=True, slots=True)
class Dependent:
    """A result that needs something: its function, and when it was made (seconds since the epoch)."""

    function: str
    created: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the home folder that isn't what it should be.

    `what` names it, `reason` says what is wrong; `item` is None for a row or a handle.
    """

    what: str
    reason: str
    item: Item | None
    dependents: tuple[Dependent, ...] = ()
    mending: Mending = Mending.LEFT
