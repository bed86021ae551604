"""What a step asked the proxy for, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Final

MOST_KEPT: Final = 100
"""Different hosts that are kept of one step; further ones are dropped, as a step can invent any number."""


class Verdict(Enum):
    """What became of a request."""

    REACHED = "reached"
    REFUSED = "refused"  # the step may not reach the host
    UNREACHABLE = "unreachable"  # the host can't be connected to just now
    UNKNOWN = "unknown"  # there is no such name
    CUT = "cut"  # the connection was ended by a limit
    MALFORMED = "malformed"  # no request that a proxy takes


@dataclass(frozen=True, slots=True)
class Asked:
    """A host with its port as it was asked for, `count` times with the same end. `reason` is for people."""

    host: str
    verdict: Verdict
    reason: str = ""
    count: int = 1


class Record:
    """Collects what one step asks."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Verdict, str]] = Counter()

    def note(self, host: str, verdict: Verdict, reason: str = "") -> None:
        """Count one request for `host`."""
        entry = (host, verdict, reason)
        if entry in self._counts or len(self._counts) < MOST_KEPT:
            self._counts[entry] += 1

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Everything so far, in the order in which it was first asked."""
        return tuple(Asked(*entry, count) for entry, count in self._counts.items())
