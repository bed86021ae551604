"""How a command ended, as far as its exit code tells."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shunter.engine.executors.local.doom import Doom
from shunter.engine.executors.protocol import Ending

NO_COMMAND: Final = 127
"""What a shell ends with for a command that isn't there."""

_NOT_BY_SIGNAL: Final = frozenset(
    {signal.SIGHUP, signal.SIGWINCH, signal.SIGURG, signal.SIGCHLD, signal.SIGCONT}
)
"""Codes beyond 128 that programs choose themselves (git ends with 129), as these signals hardly end one."""


OF_DOOM: Final[Mapping[Doom | None, Ending]] = {
    Doom.TIMED_OUT: Ending.TIMED_OUT,
    Doom.WROTE_TOO_MUCH: Ending.WROTE_TOO_MUCH,
}
"""How a command ended that was killed for passing one of its limits."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An ending, the command's exit code, and what can be said beyond that."""

    ending: Ending
    exit_code: int | None
    detail: str = ""

    @property
    def well(self) -> bool:
        """Whether the command did what it was for, as far as it says."""
        return (self.ending, self.exit_code) == (Ending.EXITED, 0)


def ended_by_code(code: int) -> Ended:
    """How a command ended whose exit code is `code`."""
    try:
        name = signal.Signals(code - 128)
    except ValueError:
        return Ended(Ending.EXITED, code)
    if name in _NOT_BY_SIGNAL:
        return Ended(Ending.EXITED, code)
    detail = "perhaps the machine ran out of memory" if name is signal.SIGKILL else ""
    return Ended(Ending.SIGNALLED, code, detail)
