"""How long a step has waited for its calls."""

from __future__ import annotations

import time
from types import TracebackType


class Waiting:
    """A context for each wait. Those that are under way together count once."""

    def __init__(self) -> None:
        self._under_way = 0
        self._since = 0.0
        self._before = 0.0

    def __enter__(self) -> None:
        if not self._under_way:
            self._since = time.monotonic()
        self._under_way += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._before += time.monotonic() - self._since

    @property
    def seconds(self) -> float:
        """All of it so far; may be read from another thread, which may miss the last moment of it."""
        before, since = self._before, self._since
        return before + time.monotonic() - since if self._under_way else before
