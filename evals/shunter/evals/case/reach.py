"""How far a case goes."""

from __future__ import annotations

from enum import Enum


class Reach(Enum):
    """Whether there is something to run a case's plan with."""

    RUN = "run"  # planned, checked, run; plan and results are looked at
    PLAN = "plan"  # only assembled: planned and checked; the plan is looked at
