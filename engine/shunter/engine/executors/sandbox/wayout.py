"""The sandbox's way out.

The listener comes through a socket that the container inherits and its command doesn't. Where an image has
nothing to open it with, the engine does.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Self

from shunter.engine.executors.local.way import Opener, Way, handing_over, received

if TYPE_CHECKING:
    from shunter.engine.egress.proxy import EgressProxy


def listening(descriptor: int) -> tuple[str, ...]:
    """What stands in front of a command, to hand a listener to the engine through `descriptor`."""
    return handing_over(f"way = socket.socket(fileno={descriptor})")


class WayOut(Way):
    """One container's way out."""

    def __init__(self, proxy: EgressProxy, opener: Opener = Opener.CONTAINER) -> None:
        super().__init__(proxy)
        self._opener = opener
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)

    @property
    def descriptor(self) -> int:
        """What the listener is handed over through."""
        return self._theirs.fileno()

    @property
    def inside(self) -> int | None:
        """What the container inherits; None where the engine opens the listener."""
        return self.descriptor if self._opener is Opener.CONTAINER else None

    @property
    def door(self) -> int | None:
        """What `open_door` takes; None where the container opens the listener."""
        return self.descriptor if self._opener is Opener.ENGINE else None

    async def __aenter__(self) -> Self:
        if self._opener is Opener.CONTAINER:
            self._theirs.close()  # it is told, then, that the container has ended
        return await super().__aenter__()

    def close(self) -> None:
        """Let go of the sockets."""
        self._ours.close()
        self._theirs.close()

    async def _handed_over(self) -> socket.socket | None:
        return await received(self._ours)
