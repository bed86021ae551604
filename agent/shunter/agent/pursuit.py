"""What became of a goal."""

from __future__ import annotations

from dataclasses import dataclass

from shunter.agent.run import Run


@dataclass(frozen=True)
class Pursuit:
    """What became of a goal: a run for each plan that was tried, the last of which counts.

    `planner` is None for a plan that a person wrote. `ended` says why no further plan was tried, where the
    last run failed.
    """

    planner: str | None
    runs: tuple[Run, ...]
    ended: str | None = None

    @property
    def run(self) -> Run:
        """The last run."""
        return self.runs[-1]
