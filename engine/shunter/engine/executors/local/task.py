"""What an executor was asked to run, in one piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shunter.engine.actions.model import Action, Mount
from shunter.engine.executors.protocol import unheeded
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.protocol import StepSession
from shunter.engine.values import Directory


@dataclass(frozen=True, slots=True)
class Task:
    """An action with the folders that were `prepared` for it, the values of its secrets, and its session.

    `vacated` is to be called, on the loop, when its command has ended with 0 and its container computes
    nothing any more.
    """

    action: Action
    prepared: Sequence[tuple[str, Directory]]
    secrets: Revealed = NOTHING
    session: StepSession | None = None
    vacated: Callable[[], None] = unheeded

    @property
    def mounts(self) -> list[Mount]:
        """All that the container sees of the store."""
        return [*self.action.mounts, *(Mount(path, folder) for path, folder in self.prepared)]
