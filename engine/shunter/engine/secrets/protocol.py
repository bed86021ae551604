"""The boundary between shunter and the places where secrets are kept."""

from __future__ import annotations

import threading
from typing import Protocol


class SecretReader(Protocol):
    """Reads secrets of one scheme. `place` is what stands after the colon: a variable, a path, a command."""

    def check(self, place: str) -> None:
        """Raise SecretUnreadable where it is plain without reading that there is nothing to read."""
        ...

    def read(self, place: str, stop: threading.Event) -> bytes:
        """What is kept there, of more than MAX_BYTES only the beginning; raises SecretUnreadable.

        It is called on a thread of its own, once in a run, and gives up soon after `stop` is set.
        """
        ...
