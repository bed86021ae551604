"""A stretch of a test as an ordinary user, from whom files can be kept."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager

NOBODY = 65534
SETRESGID, SETRESUID = (119, 117) if platform.machine() == "x86_64" else (149, 147)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """What is inside runs as nobody where the tests run as root, to whom nothing is closed.

    Nobody may be kept from the interpreter's own files as well, so let what is inside import nothing new:
    the same call has to succeed once before.

    Only this thread changes: the C library's own calls change all, and abort where a thread of the
    sandbox has given root up for good.
    """
    if os.geteuid() != 0:
        yield
        return
    _become(NOBODY)
    try:
        yield
    finally:
        _become(0)


def _become(user: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    calls = [(SETRESGID, -1, user, -1), (SETRESUID, -1, user, -1)]
    for call in calls if user else reversed(calls):
        if libc.syscall(*call) != 0:
            raise OSError(ctypes.get_errno(), "can't change the user of this thread")
