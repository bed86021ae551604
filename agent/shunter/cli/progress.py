"""Progress as plain lines: one when a step begins to work, one when it is over."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from shunter.engine.run.events import (
    CallStarted,
    Event,
    NestedFinished,
    Observer,
    PreparationFinished,
    PreparationStarted,
    RunStarted,
    StepFinished,
)
from shunter.engine.run.outcome import Outcome, StepReport

MARKS: Mapping[Outcome, str] = {
    Outcome.EXECUTED: "✓",
    Outcome.CACHED: "=",
    Outcome.FAILED: "✗",
    Outcome.SKIPPED: "-",
}


def choose_progress(*, quiet: bool, stream: TextIO | None = None) -> Observer:
    """Live lines on a terminal, plain ones elsewhere, none when quiet; they go to standard error."""
    where = sys.stderr if stream is None else stream
    if quiet:
        return NoProgress()
    if where.isatty() and os.environ.get("TERM", "dumb") not in {"dumb", "unknown"}:
        from shunter.cli.live import LiveProgress

        return LiveProgress()
    return PlainProgress(where)


class NoProgress:
    """Says nothing."""

    def notify(self, event: Event) -> None:
        """Say nothing."""


class PlainProgress:
    """Plain lines, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._working: set[str] = set()
        self._width = 0

    def notify(self, event: Event) -> None:
        """Print a line where `event` is worth one."""
        match event:
            case RunStarted(steps):
                self._width = max((len(name) for name, _ in steps), default=0)
            case CallStarted(step, _) if step not in self._working:
                self._working.add(step)
                self._print(f"… {step}")
            case PreparationStarted(label):
                self._print(f"… installing the {label} (once)")
            case PreparationFinished(label, seconds, True):
                self._print(f"✓ installed the {label} in {seconds:.1f} s")
            case NestedFinished() if event.report.outcome is not Outcome.CACHED:
                self._print(nested_line(event))
            case StepFinished(report):
                self._print(step_line(report, self._width))

    def _print(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


def step_line(report: StepReport, width: int) -> str:
    """A finished step in one line."""
    return f"{MARKS[report.outcome]} {report.id:{width}}  {report.call:24}  {outcome_text(report)}"


def nested_line(event: NestedFinished) -> str:
    """A call that a step made while it ran, in one line."""
    report = event.report
    step = report.step if report.index is None else f"{report.step}[{report.index}]"
    taken = f"{report.outcome.value} in {report.seconds:.1f} s"
    return f"  {MARKS[report.outcome]} {step} → {event.call}  {taken}"


def outcome_text(report: StepReport) -> str:
    """What became of a step, with how many of its calls where it made several."""
    match report.outcome:
        case Outcome.CACHED:
            text = "cached"
        case Outcome.SKIPPED:
            text = "not started"
        case outcome:
            text = f"{outcome.value} in {report.seconds:.1f} s"
    if len(report.calls) == 1 or report.outcome is Outcome.SKIPPED:
        return text
    same = all(call.outcome is report.outcome for call in report.calls)
    return f"{text} ({f'{len(report.calls)} calls' if same and report.calls else counts(report)})"


def counts(report: StepReport) -> str:
    """How many calls of a step had which outcome."""
    found = [(sum(call.outcome is outcome for call in report.calls), outcome.value) for outcome in Outcome]
    return ", ".join(f"{number} {name}" for number, name in found if number) or "no calls"
