"""A planner that says what it was told to say, for testing what stands around planners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from shunter.agent.planners.protocol import Answer, Task

Line: TypeAlias = Answer | Callable[[Task], Answer]
"""An answer, or what makes one of the task."""


class ScriptedPlanner:
    """Gives its lines one after the other, the last one again and again; `tasks` are what it was asked."""

    name = "scripted"

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)
        self.tasks: list[Task] = []

    def plan(self, task: Task) -> Answer:
        """The next line."""
        line = self._lines[min(len(self.tasks), len(self._lines) - 1)]
        self.tasks.append(task)
        return line(task) if callable(line) else line
