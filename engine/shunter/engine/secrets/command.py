"""Secrets that a command prints: a password manager's, a cloud's."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress
from typing import Final

from shunter.engine.secrets.draining import MAX_BYTES, drain
from shunter.engine.secrets.errors import SecretUnreadable

_SECONDS: Final = 60.0


class CommandReader:
    """Runs commands as the user's shell would, unconfined: who runs a plan names them, a plan can't.

    What a command prints as errors isn't shown, as it may hold the value. It has no terminal and no input.
    """

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        self._seconds = seconds

    def check(self, place: str) -> None:
        """Nothing can be told before it runs."""

    def read(self, place: str, stop: threading.Event) -> bytes:
        """What the command prints; with it end all the processes that it started."""
        process = subprocess.Popen(
            ["/bin/sh", "-c", place],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it can be ended as a whole
        )
        assert process.stdout is not None
        try:
            content = drain(process.stdout.fileno(), seconds=self._seconds, stop=stop)
            code = None if len(content) > MAX_BYTES else process.wait(self._seconds)
        except subprocess.TimeoutExpired:
            raise SecretUnreadable(f"the command didn't end within {self._seconds:g} s") from None
        finally:
            _end(process)
        if code:
            raise SecretUnreadable(
                f"the command ended with exit code {code}", hint="run it by itself to see what it says"
            )
        return content


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
