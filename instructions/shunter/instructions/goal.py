"""The goal: what a person wants, before there is a plan for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shunter.engine.types import Type


@dataclass(frozen=True, slots=True)
class GoalLimits:
    """How far assembling may go: calls in one plan, plans in a row, and seconds in all (None for no end)."""

    steps: int = 30
    attempts: int = 3
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted, in plain words, and what there is to make it from.

    `inputs` are the types of the values that are given, by name. `outputs` are names that the plan has to
    give a value to, each with its type, or None where any will do. `modules` of None allows the whole
    catalogue; `functions` of None allows every function of these. `single` are functions that
    can't be called for each element of a list, since each call changes what the next one gets.
    """

    text: str
    inputs: Mapping[str, Type] = field(default_factory=dict)
    outputs: Mapping[str, Type | None] = field(default_factory=dict)
    modules: frozenset[str] | None = None
    functions: frozenset[str] | None = None
    single: frozenset[str] = frozenset()
    limits: GoalLimits = GoalLimits()

    def allows(self, function: str) -> bool:
        """Whether a plan may call `function`."""
        if self.functions is not None and function not in self.functions:
            return False
        return self.modules is None or function.partition(".")[0] in self.modules
