"""Progress on a terminal: one live line a step."""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from shunter.cli.progress import MARKS, outcome_text
from shunter.engine.run.events import (
    CallFinished,
    CallStarted,
    Event,
    NestedFinished,
    NestedStarted,
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
_ROOM_FOR_FUNCTIONS = 72
"""Columns; on a narrower terminal the functions' names give way to what becomes of the steps."""


class _Line:
    """One step's line."""

    def __init__(self, name: str, call: str) -> None:
        self.name = name
        self.call = call
        self.calls = 0
        self.over = 0
        self.since: float | None = None
        self.report: StepReport | None = None
        self.called: list[str] = []

    def state(self) -> tuple[str, str]:
        """What becomes of the step, and its style."""
        if self.report is not None:
            return outcome_text(self.report), _STYLES[self.report.outcome]
        if self.since is None:
            return "", "dim"
        progress = f", {self.over} of {self.calls}" if self.calls > 1 else ""
        calling = f", in {self.called[-1]}" if self.called else ""
        return f"{time.monotonic() - self.since:.1f} s{progress}{calling}", ""


class LiveProgress:
    """Redraws ten times a second, as long as the run lasts; a long plan shows the steps that matter now."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._lines: dict[str, _Line] = {}
        self._preparing: dict[str, float] = {}
        self._spinner = Spinner("dots")
        self._live = Live(console=self._console, refresh_per_second=10, get_renderable=self.screen)

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
            case NestedStarted() | NestedFinished():
                self._nested(event)
            case PreparationStarted(label):
                self._preparing[label] = time.monotonic()
            case PreparationFinished(label, seconds, succeeded):
                self._preparing.pop(label, None)
                if succeeded:
                    self._console.print(Text(f"✓ installed the {label} in {seconds:.1f} s", style="dim"))
            case StepFinished(report):
                self._lines[report.id].report = report
            case RunFinished(outcome):
                for each in outcome.steps:
                    self._lines[each.id].report = each
                self._live.stop()

    def _nested(self, event: NestedStarted | NestedFinished) -> None:
        called = self._lines[event.place.step].called
        if isinstance(event, NestedStarted):
            called.append(event.call)
        elif event.call in called:
            called.remove(event.call)

    def screen(self) -> Group:
        """The lines as they are now."""
        return Group(*self._rows())

    def _rows(self) -> Iterator[Text]:
        columns = self._console.width
        lines = self._visible(max(self._console.height - len(self._preparing) - 3, 5))
        name_width = min(max((len(line.name) for line in lines), default=0), columns // 3)
        call_width = max((len(line.call) for line in lines), default=0)
        for line in lines:
            state, style = line.state()
            row = Text(no_wrap=True, overflow="ellipsis")
            row.append_text(self._mark(line))
            row.append(" " + _fitted(line.name, name_width), style="" if line.report else "bold")
            if columns >= _ROOM_FOR_FUNCTIONS:
                row.append("  " + _fitted(line.call, min(call_width, columns // 3)), style="dim")
            yield row.append("  " + state, style=style)
        for label, since in self._preparing.items():
            seconds = time.monotonic() - since
            row = Text(no_wrap=True, overflow="ellipsis").append_text(self._turning())
            yield row.append(f" installing the {label} (once), {seconds:.1f} s")

    def _mark(self, line: _Line) -> Text:
        if line.report is not None:
            return Text(MARKS[line.report.outcome], style=_STYLES[line.report.outcome])
        return Text("·", style="dim") if line.since is None else self._turning()

    def _turning(self) -> Text:
        frame = self._spinner.render(self._console.get_time())
        return frame if isinstance(frame, Text) else Text("·")

    def _visible(self, room: int) -> list[_Line]:
        lines = list(self._lines.values())
        if len(lines) <= room:
            return lines
        working = [line for line in lines if line.since is not None and line.report is None]
        over = [line for line in lines if line.report is not None]
        waiting = [line for line in lines if line.since is None and line.report is None]
        return (over[-max(room - len(working), 0) :] + working + waiting)[:room]


def _fitted(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
