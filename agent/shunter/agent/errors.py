"""The errors of running what people asked for.

ShunterError
├── Refused               a plan may do more than was allowed
│   └── InDoubt           a run is resumed whose effects may have happened already
├── PlannerUnavailable    the planner can't be asked: no key, no endpoint, an endpoint that refuses
└── PlanError
    └── NoPlan            there is no plan for a goal; says what is missing
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shunter.agent.capabilities import allowing_flags, capability_sentence
from shunter.engine.errors import PlanError, ShunterError
from shunter.engine.plan.model import Requires

if TYPE_CHECKING:
    from shunter.agent.planners.protocol import Missing


class Refused(ShunterError):
    """A plan may do more than the user allowed, and nothing was started."""

    def __init__(self, requires: Requires) -> None:
        super().__init__(
            f"the plan may do more than compute: {capability_sentence(requires)}. Nothing was started",
            hint=f"`{allowing_flags(requires)}` allows it, `--yes` allows everything",
        )
        self.requires = requires


class InDoubt(Refused):
    """A run was killed while steps were acting on the world: whether they have acted isn't known."""

    def __init__(self, run: str, steps: Mapping[str, str]) -> None:
        super().__init__(Requires(effects=tuple(steps)))
        named = "; ".join(f"{step} ({effect})" for effect, step in steps.items())
        self.message = (
            f"run {run} ended while steps acted, and they may have done so: {named}. Nothing was started"
        )
        self.hint = f"look whether it happened; `{allowing_flags(self.requires)}` does it again"


class PlannerUnavailable(ShunterError):
    """The planner can't be asked at all; nothing is said about the goal."""


class NoPlan(PlanError):
    """There is no plan for a goal; `missing` says what it would take."""

    def __init__(self, missing: Missing) -> None:
        more = [f"near to it: {', '.join(missing.nearest)}"] if missing.nearest else []
        more += [f"give --input {text.partition(':')[0]}=… ({text})" for text in missing.inputs]
        super().__init__(missing.text, hint="; ".join(more) or None)
        self.missing = missing
