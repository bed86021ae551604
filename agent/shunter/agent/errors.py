"""The errors of running what people asked for.

ShunterError
├── Refused               a plan may do more than was allowed
├── PlannerUnavailable    the planner can't be asked: no key, no endpoint, an endpoint that refuses
└── PlanError
    └── NoPlan            there is no plan for a goal; says what is missing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shunter.agent.capabilities import allowing_flags, capability_sentence
from shunter.engine.errors import PlanError, ShunterError

if TYPE_CHECKING:
    from shunter.agent.planners.protocol import Missing
    from shunter.engine.plan.model import Requires


class Refused(ShunterError):
    """A plan may do more than the user allowed, and nothing was started."""

    def __init__(self, requires: Requires) -> None:
        super().__init__(
            f"the plan may do more than compute: {capability_sentence(requires)}. Nothing was started",
            hint=f"`{allowing_flags(requires)}` allows it, `--yes` allows everything",
        )
        self.requires = requires


class PlannerUnavailable(ShunterError):
    """The planner can't be asked at all; nothing is said about the goal."""


class NoPlan(PlanError):
    """There is no plan for a goal; `missing` says what it would take."""

    def __init__(self, missing: Missing) -> None:
        more = [f"near to it: {', '.join(missing.nearest)}"] if missing.nearest else []
        more += [f"give --input {text.partition(':')[0]}=… ({text})" for text in missing.inputs]
        super().__init__(missing.text, hint="; ".join(more) or None)
        self.missing = missing
