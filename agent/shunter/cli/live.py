"""Progress on a terminal: one live line a step."""

from __future__ import annotations

import time

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from shunter.cli.progress import MARKS, outcome_text
from shunter.engine.run.events import (
    CallFinished,
    CallStarted,
    Event,
    PreparationFinished,
    PreparationStarted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from shunter.engine.run.outcome import Outcome, StepReport

_STYLES = {
    Outcome.EXECUTED: "green",
    Outcome.CACHED: "cyan",
    Outcome.FAILED: "bold red",
    Outcome.SKIPPED: "dim",
}


class _Line:
    """One step's line."""

    def __init__(self, name: str, call: str) -> None:
        self.name = name
        self.call = call
        self.calls = 0
        self.over = 0
        self.since: float | None = None
        self.report: StepReport | None = None
        self._spinner = Spinner("dots")

    def cells(self) -> tuple[RenderableType, RenderableType, RenderableType, RenderableType]:
        """Mark, name, function and state."""
        if self.report is not None:
            style = _STYLES[self.report.outcome]
            mark = Text(MARKS[self.report.outcome], style=style)
            return (
                mark,
                Text(self.name),
                Text(self.call, style="dim"),
                Text(outcome_text(self.report), style=style),
            )
        if self.since is None:
            return (
                Text("·", style="dim"),
                Text(self.name, style="dim"),
                Text(self.call, style="dim"),
                Text(""),
            )
        state = f"{time.monotonic() - self.since:.1f} s"
        if self.calls > 1:
            state += f", {self.over} of {self.calls}"
        return self._spinner, Text(self.name, style="bold"), Text(self.call, style="dim"), Text(state)


class LiveProgress:
    """Redraws ten times a second, as long as the run lasts; a long plan shows the steps that matter now."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._lines: dict[str, _Line] = {}
        self._preparing: dict[str, Spinner] = {}
        self._live = Live(console=self._console, refresh_per_second=10, get_renderable=self._render)

    def notify(self, event: Event) -> None:
        """Change the line that `event` is about."""
        match event:
            case RunStarted(steps):
                self._lines = {name: _Line(name, call) for name, call in steps}
                self._live.start()
            case StepStarted(step, _, calls):
                self._lines[step].calls = calls
            case CallStarted(step, _):
                self._lines[step].since = self._lines[step].since or time.monotonic()
            case CallFinished(report):
                self._lines[report.step].over += 1
            case PreparationStarted(label):
                self._preparing[label] = Spinner("dots", text=f"installing the {label} (once)")
            case PreparationFinished(label, _, _):
                self._preparing.pop(label, None)
            case StepFinished(report):
                self._lines[report.id].report = report
            case RunFinished():
                self._live.stop()

    def _render(self) -> Table:
        table = Table.grid(padding=(0, 2))
        room = max(self._console.height - len(self._preparing) - 3, 5)
        for line in self._visible(room):
            table.add_row(*line.cells())
        for spinner in self._preparing.values():
            table.add_row(spinner, spinner.text)
        return table

    def _visible(self, room: int) -> list[_Line]:
        lines = list(self._lines.values())
        if len(lines) <= room:
            return lines
        working = [line for line in lines if line.since is not None and line.report is None]
        over = [line for line in lines if line.report is not None]
        waiting = [line for line in lines if line.since is None and line.report is None]
        return (over[-max(room - len(working), 0) :] + working + waiting)[:room]
