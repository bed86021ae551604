"""A finished run: its report, and its outputs as the user's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shunter.agent.outputs import save_outputs
from shunter.engine.plan.model import Plan
from shunter.engine.run.events import Event, Observer
from shunter.engine.run.outcome import RunReport
from shunter.engine.store.protocol import ArtifactStore


@dataclass(frozen=True)
class Run:
    """`id` names the run's folder, `plan` is as it ran, with the modules' digests."""

    id: str
    plan: Plan
    report: RunReport
    store: ArtifactStore

    def save(self, folder: Path) -> dict[str, Path]:
        """Write each output under its name into `folder`, and `plan.yaml`; where each output is."""
        return save_outputs(folder, self.report.outputs, self.plan, self.store)


class Observers:
    """Several observers as one."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def notify(self, event: Event) -> None:
        """Tell all of them, in order."""
        for observer in self._observers:
            observer.notify(event)
