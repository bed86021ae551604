"""Reading a descriptor that may never end."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import Final

from shunter.engine.secrets.errors import SecretUnreadable

MAX_BYTES: Final = 64 << 10
"""Of a secret. A key file has some thousands, and every log is searched for all that a secret consists of."""

_PIECE: Final = 1 << 16
_LOOK: Final = 0.1


def drain(descriptor: int, *, seconds: float, stop: threading.Event) -> bytes:
    """All that comes from `descriptor`, up to one byte more than MAX_BYTES.

    Raises SecretUnreadable where that takes longer than `seconds` or `stop` is set, and OSError.
    """
    content = b""
    deadline = time.monotonic() + seconds
    while len(content) <= MAX_BYTES:
        if stop.is_set():
            raise SecretUnreadable("the run was ended")
        if time.monotonic() > deadline:
            raise SecretUnreadable(f"its end didn't come within {seconds:g} s")
        if select.select([descriptor], [], [], _LOOK)[0]:
            piece = os.read(descriptor, _PIECE)
            if not piece:
                break
            content += piece
    return content[: MAX_BYTES + 1]
