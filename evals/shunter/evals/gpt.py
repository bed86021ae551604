"""Cases whose goal is a GPTScript file."""

from __future__ import annotations

from pathlib import Path

from shunter.evals.errors import NotSupportedYet
from shunter.instructions.goal import Goal


def goal_of_gpt(path: Path) -> Goal:
    """The goal that the file at `path` stands for; raises NotSupportedYet."""
    raise NotSupportedYet(
        f"{path.name}: a case can't be a GPTScript file yet", hint="write its text as the case's goal"
    )
