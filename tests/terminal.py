"""A command on a terminal of its own, as a person has it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


class Terminal:
    """What is on the screen, and the keyboard."""

    def __init__(self, ours: int, process: subprocess.Popen[bytes]) -> None:
        self._ours = ours
        self.process = process
        self.screen = ""

    def type(self, text: str) -> None:
        """Press keys; a line ends with a carriage return as it does on a keyboard."""
        os.write(self._ours, text.replace("\n", "\r").encode())

    def resize(self, rows: int, columns: int) -> None:
        """Change the window's size."""
        _resize(self._ours, rows, columns)

    def wait_for(self, text: str, *, seconds: float = 30) -> str:
        """Read until `text` is on the screen; what came since the last wait."""
        seen, deadline = "", time.monotonic() + seconds
        while text not in seen:
            assert time.monotonic() < deadline, f"{text!r} never came; there is {seen!r}"
            part = self._read(0.1)
            assert part is not None, f"the terminal was closed before {text!r} came; there is {seen!r}"
            seen += part
        return seen

    def end(self, *, seconds: float = 30) -> int:
        """Read to the end; the exit code."""
        deadline = time.monotonic() + seconds
        while self._read(0.1) is not None:
            assert time.monotonic() < deadline, f"it never ended; there is {self.screen!r}"
        return self.process.wait(seconds)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._ours)
        self._ours = -1

    def close(self) -> None:
        """Kill what is still there."""
        if self._ours >= 0:
            self.hang_up()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()

    def _read(self, seconds: float) -> str | None:
        """What comes within `seconds`; None at the end."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return ""
        try:
            part = os.read(self._ours, 1 << 16).decode(errors="replace").replace("\r\n", "\n")
        except OSError:
            return None
        self.screen += part
        return part or None


@contextmanager
def terminal(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    rows: int = 24,
    columns: int = 80,
) -> Iterator[Terminal]:
    """Start `command` as the leader of a session whose terminal is ours."""
    ours, theirs = pty.openpty()
    _resize(ours, rows, columns)
    process = subprocess.Popen(
        ["setsid", "--ctty", *command],
        env=environment,
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    opened = Terminal(ours, process)
    try:
        yield opened
    finally:
        opened.close()


def _resize(handle: int, rows: int, columns: int) -> None:
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
