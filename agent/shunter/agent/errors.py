"""The errors of running what people asked for.

ShunterError
├── Refused               a plan may do more than was allowed
└── PlannerUnavailable    the planner can't be asked: no key, no endpoint, an endpoint that refuses
"""

from __future__ import annotations

from shunter.engine.errors import ShunterError
from shunter.engine.plan.model import Requires


class Refused(ShunterError):
    """A plan may do more than the user allowed, and nothing was started."""

    def __init__(self, requires: Requires) -> None:
        hosts = ", ".join(requires.hosts)
        wants = [f"reach the network (it names {hosts}, and isn't kept from other hosts)"] if hosts else []
        wants += [f"use the secret {name}" for name in requires.secrets]
        wants += requires.effects
        super().__init__(
            f"the plan may do more than compute: {'; '.join(wants)}. Nothing was started",
            hint="`--yes` allows it",
        )
        self.requires = requires


class PlannerUnavailable(ShunterError):
    """The planner can't be asked at all; nothing is said about the goal."""
