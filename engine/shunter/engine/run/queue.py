"""The calls that have to run: equal ones are one piece of work, and long chains come first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.engine.actions.model import CachePolicy
from shunter.engine.digest import Digest
from shunter.engine.run.calls import Call

if TYPE_CHECKING:
    from shunter.engine.run.job import Job


@dataclass
class Work:
    """What one container does: the calls that equal each other, and when it was started.

    One that is `fresh` runs though the cache may have the result.
    """

    key: Digest
    calls: list[Call]
    fresh: bool = False
    since: float = 0.0
    job: Job | None = None


class Queue:
    """Work that waits for a slot. What is under way is still joined by calls that equal it."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Work]] = []
        self._shared: dict[Digest, Work] = {}
        self._order = 0

    def __bool__(self) -> bool:
        return bool(self._heap)

    def put(self, call: Call, key: Digest, *, height: int, fresh: bool) -> None:
        """Line a call up, or have it join one that equals it."""
        if key in self._shared:
            self._shared[key].calls.append(call)
            self._shared[key].fresh |= fresh
            return
        work = Work(key, [call], fresh)
        if call.action.cache is not CachePolicy.NEVER:
            self._shared[key] = work
        self._order += 1
        heapq.heappush(self._heap, (-height, self._order, work))

    def comes_before(self, height: int) -> bool:
        """Whether work that is put in now, with this `height`, wouldn't be the next."""
        return bool(self._heap) and -self._heap[0][0] >= height

    def pop(self) -> Work:
        """The work that the most steps hang on; it counts as under way."""
        return heapq.heappop(self._heap)[2]

    def end(self, work: Work) -> None:
        """Nothing joins it any more."""
        self._shared.pop(work.key, None)
