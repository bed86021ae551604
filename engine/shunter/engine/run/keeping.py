"""What is kept of a run's failed steps, for whoever looks into them: some, and not much."""

from __future__ import annotations

from dataclasses import dataclass

from shunter.engine.store.left import Left


@dataclass
class Keeping:
    """How much more may be kept: of `calls` calls, and `size` bytes, `one` of them for each call."""

    calls: int = 5
    size: int = 1 << 30
    one: int = 256 << 20

    @property
    def most(self) -> int:
        """The bytes that a call which fails now may leave."""
        return min(self.one, self.size) if self.calls > 0 else 0

    def keep(self, left: Left | None) -> Left | None:
        """`left` where something is in it and there is room: calls that fail at once may have filled that."""
        if left is None or not (left.files or left.omitted) or left.size > self.most or self.calls <= 0:
            return None
        self.calls -= 1
        self.size -= left.size
        return left
