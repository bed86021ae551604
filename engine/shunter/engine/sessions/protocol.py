"""The boundary between a session and the executor whose container it is for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from shunter.engine.values import Artifact

FOLDER: Final = "/run/shunter"
"""Where the container finds its session, read-only."""

SOCKET: Final = "socket"
TOKEN: Final = "token"
SHELF: Final = "artifacts"
"""What is in that folder: where the engine listens, what proves who calls, and what calls have given."""


@dataclass(frozen=True, slots=True)
class Room:
    """What an executor lends a session.

    `shelf` is the folder of this machine that the container sees at FOLDER/SHELF. `borrow` takes a copy of
    what is at a path below /work into the store, of a container that goes on running; None where nothing is
    there. It blocks, and raises UnsafeOutput.
    """

    shelf: Path
    borrow: Callable[[str], Artifact | None]


class StepSession(Protocol):
    """One container's session."""

    @property
    def token(self) -> str:
        """What its requests have to carry; it is worth nothing once `serve` has ended."""
        ...

    def waited(self) -> float:
        """Seconds for which the step has waited for its calls so far; its time limit doesn't count them.

        May be called from any thread.
        """
        ...

    async def serve(self, listener: socket.socket, room: Room) -> None:
        """Answer what comes through `listener`, which is closed at the end, until cancelled.

        By then the calls that were under way have been stopped.
        """
        ...
