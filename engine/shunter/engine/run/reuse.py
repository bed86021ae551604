"""How far a run may take results from the cache, and do without it."""

from __future__ import annotations

from enum import Enum


class Misses(Enum):
    """What becomes of a call that the cache doesn't answer: it is run, or it is an error."""

    RUN = "run"
    REFUSE = "refuse"


class EveryStep:
    """The names of all steps, where some are asked for."""

    def __contains__(self, step: object) -> bool:
        return True


EVERY_STEP = EveryStep()
