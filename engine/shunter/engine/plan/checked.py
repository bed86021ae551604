"""A plan that passed the checker: names resolved, types known, steps in an order that can run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from shunter.engine.plan.expression import Expression, references
from shunter.engine.plan.model import StepLimits
from shunter.engine.types import Type
from shunter.engine.types.signature import Signature
from shunter.engine.values import Value


@dataclass(frozen=True)
class CheckedInput:
    """An input that the caller gives; `required` where the plan has no default for it."""

    name: str
    type: Type
    required: bool
    default: Value = None


@dataclass(frozen=True)
class CheckedStep:
    """A step whose arguments fit its function's parameters.

    `each` and `arguments` hold expressions by parameter; what neither names gets the parameter's
    fallback. `type` is the step's own: a list where it maps.
    """

    id: str
    signature: Signature
    arguments: Mapping[str, Expression]
    each: Mapping[str, Expression]
    type: Type
    limits: StepLimits | None = None

    @cached_property
    def sources(self) -> frozenset[str]:
        """The inputs and steps whose values the step needs."""
        written = [*self.arguments.values(), *self.each.values()]
        return frozenset(reference.name for item in written for reference in references(item))


@dataclass(frozen=True)
class CheckedPlan:
    """Steps come after the steps that they need. Output types are those of the wanted values."""

    inputs: Mapping[str, CheckedInput]
    steps: tuple[CheckedStep, ...]
    outputs: Mapping[str, Expression]
    output_types: Mapping[str, Type]
