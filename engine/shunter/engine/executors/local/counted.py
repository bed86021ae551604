"""What can be said of the limit on all that a step writes."""

from __future__ import annotations

from typing import Final

from shunter.engine.executors.local.diskwatch import can_count
from shunter.engine.executors.promises import Enforced, Finding, Promise

COUNTED: Final = "counted from time to time, so that what is written in between comes on top"


def disk_finding() -> Finding:
    """Where a step's folder is one of this machine."""
    if can_count():
        return Finding(Promise.DISK, Enforced.YES, COUNTED)
    return Finding(Promise.DISK, Enforced.NO, "nothing here counts what is written", "install `du`")
