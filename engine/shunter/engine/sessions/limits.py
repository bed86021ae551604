"""How much a session may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Nesting:
    """How deep calls may go below a step of a plan, and how many there may be below one of its calls.

    `patience` is how many seconds a call waits for an equal one where that may wait for its caller: two
    processes that fold one thing from both ends would wait for each other for good.
    """

    depth: int = 8
    calls: int = 1000
    patience: float = 10.0


STANDARD_NESTING: Final = Nesting()


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one container may send.

    `connections` are served at once. A request has to be there, and an answer taken, in `seconds`; `head` and
    `body` are bytes of it.
    """

    connections: int = 16
    seconds: float = 20.0
    head: int = 16 << 10
    body: int = 4 << 20
