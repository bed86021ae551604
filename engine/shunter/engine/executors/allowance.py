"""How long a step may still run."""

from __future__ import annotations

import time
from typing import Protocol


class Waits(Protocol):
    """Something that waits for others now and then, as a step's session does."""

    def waited(self) -> float:
        """Seconds of that so far; may be called from any thread."""
        ...


class Allowance:
    """`seconds` from now on, and as many more as the step's `session` waits for calls."""

    def __init__(self, seconds: float, session: Waits | None = None) -> None:
        self._end = time.monotonic() + seconds
        self._session = session

    @property
    def left(self) -> float:
        """Seconds until it is used up, should the step wait no more; not above 0 where it is."""
        waited = 0.0 if self._session is None else self._session.waited()
        return self._end + waited - time.monotonic()
