"""Why the engine ended a container that would have gone on."""

from __future__ import annotations

from enum import Enum


class Doom(Enum):
    """The first reason counts."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed-out"
    PRINTED_TOO_MUCH = "printed-too-much"
    WROTE_TOO_MUCH = "wrote-too-much"
