"""A case as it is written, and the file that it stands in."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from shunter.engine.plan.model import Name
from shunter.evals.case.given import GivenInput
from shunter.evals.case.reach import Reach
from shunter.evals.case.strict import Strict, only_one
from shunter.evals.case.wanted import Graph, Wanted


class CaseLimits(Strict):
    """How far a case may go: steps in a plan, plans in a row, and seconds in all."""

    steps: int = Field(default=30, ge=1)
    attempts: int = Field(default=3, ge=1)
    seconds: float = Field(default=120.0, gt=0, le=86_400)


class WrittenCase(Strict):
    """What is wanted (a goal, a GPTScript file or a plan), what is given, and what is expected.

    `reference` is a plan that is right; the reference planner proposes it, to see whether the checks are.
    Without one it is the first plan that `expect` accepts.
    """

    id: Name
    goal: str | None = Field(default=None, min_length=1)
    gpt: str | None = None
    plan: str | None = None
    inputs: Mapping[Name, GivenInput] = Field(default_factory=dict)
    modules: tuple[str, ...] | None = None
    reference: Graph | None = None
    limits: CaseLimits = CaseLimits()
    expect: Wanted = Wanted()

    @model_validator(mode="after")
    def _has_one_target(self) -> WrittenCase:
        only_one({"goal": self.goal, "gpt": self.gpt, "plan": self.plan}, "a case")
        return self

    @model_validator(mode="after")
    def _asks_of_what_is_there(self) -> WrittenCase:
        if self.reach is Reach.PLAN:
            names = ", ".join(name for name, given in self.inputs.items() if given.type is not None)
            if self.goal is None:
                raise ValueError(f"only a goal can do without values, and of {names} there is only a type")
            if self.expect.results:
                raise ValueError(
                    f"the case isn't run, since of {names} there is only a type, and so it has no results: "
                    "say under expect.plan what is asked of its plan"
                )
        return self

    @property
    def reach(self) -> Reach:
        """How far the case goes: it isn't run where an input is given by its type alone."""
        return Reach.PLAN if any(given.type is not None for given in self.inputs.values()) else Reach.RUN

    @property
    def right(self) -> Graph | None:
        """A plan that is right, where the case has one."""
        return self.reference or next(iter(self.expect.plan.accepts), None)


class WrittenSuite(Strict):
    """A file of cases."""

    description: str | None = None
    cases: tuple[WrittenCase, ...] = Field(min_length=1)
