"""Signals that this process was started to ignore, as `nohup` and a shell's `&` have it.

To ignore is inherited by whatever a process starts; to have a handler isn't.
"""

from __future__ import annotations

import signal
from typing import Final

_PYTHONS_OWN: Final = {signal.SIGPIPE, signal.SIGXFSZ}


def disregard_ignored() -> None:
    """Go on ignoring these signals, by a handler that does nothing: steps don't ignore them then."""
    for number in signal.valid_signals() - _PYTHONS_OWN:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _disregard)


def _disregard(*_: object) -> None:
    pass
