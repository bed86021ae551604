"""The problems of one plan, as they are found."""

from __future__ import annotations

from shunter.engine.plan.model import Plan
from shunter.engine.plan.problem import Code, Lines, Location, Problem


class Findings:
    """Collects problems, each with its place for people and its line."""

    def __init__(self, plan: Plan, lines: Lines) -> None:
        self.problems: list[Problem] = []
        self._plan = plan
        self._lines = lines

    def report(
        self,
        code: Code,
        at: Location,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        candidates: tuple[str, ...] = (),
    ) -> None:
        """Add a problem at a location in the plan."""
        where = self._place(at)
        self.problems.append(Problem(code, where, message, self._lines.of(at), expected, got, candidates))

    def _place(self, at: Location) -> str:
        match at:
            case ("steps", int(index), *rest):
                return ".".join(["steps", self._plan.steps[index].id, *map(str, rest)])
        return ".".join(map(str, at))
