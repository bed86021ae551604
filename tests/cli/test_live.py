"""The live lines of a terminal, as screens of a given size."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from shunter.cli.live import LiveProgress
from shunter.cli.progress import PlainProgress, choose_progress
from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.run.events import (
    CallFinished,
    CallStarted,
    PreparationFinished,
    PreparationStarted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from shunter.engine.run.outcome import CallReport, Outcome, RunReport, Status, StepReport

NAME = "a-step-with-a-rather-long-name-as-people-write-them"
STEPS = [("talk", "speech.transcribe"), (NAME, "rag.answer"), ("last", "text.count")]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Screen:
    """A terminal with live lines on it."""

    def __init__(self, columns: int = 80, lines: int = 24) -> None:
        self._size = {"width": columns, "height": lines}
        self.written = io.StringIO()
        self.progress = LiveProgress(Console(file=self.written, force_terminal=True, **self._size))  # type: ignore[arg-type]

    def lines(self) -> list[str]:
        """What is shown now, without colours."""
        console = Console(file=io.StringIO(), **self._size)  # type: ignore[arg-type]
        with console.capture() as captured:
            console.print(self.progress.screen())
        return [line.rstrip() for line in captured.get().splitlines()]


def _call(step: str, outcome: Outcome, index: int | None = None) -> CallReport:
    failed = Failure(FailureKind.EXIT, "it failed") if outcome is Outcome.FAILED else None
    return CallReport(step, index, outcome, None, 0.1, failure=failed)


def _step(name: str, call: str, outcome: Outcome, count: int = 1) -> StepReport:
    calls = [_call(name, outcome, index if count > 1 else None) for index in range(count)]
    return StepReport(name, call, outcome, 1.26, tuple(calls if outcome is not Outcome.SKIPPED else ()))


@pytest.mark.parametrize(("columns", "lines"), [(20, 5), (40, 10), (80, 24), (200, 50)])
def test_each_step_has_one_line_on_any_terminal(columns: int, lines: int) -> None:
    screen = Screen(columns, lines)
    screen.progress.notify(RunStarted(STEPS))
    screen.progress.notify(StepStarted("talk", "speech.transcribe", 1))
    screen.progress.notify(CallStarted("talk", None))
    screen.progress.notify(PreparationStarted("packages of speech"))
    shown = screen.lines()
    screen.progress.notify(RunFinished(RunReport(Status.DONE, (), {}, 1.0)))
    assert len(shown) == 4
    assert shown[0][2:].startswith("talk")
    assert "0.0 s" in shown[0]
    assert shown[3][2:].startswith("installing the pa")
    assert all(len(line) <= columns for line in shown)
    assert ("speech.transcribe" in shown[0]) == (columns >= 80)


def test_what_became_of_the_steps_is_left_at_the_end() -> None:
    screen = Screen()
    screen.progress.notify(RunStarted(STEPS))
    screen.progress.notify(PreparationStarted("packages of speech"))
    screen.progress.notify(PreparationFinished("packages of speech", 2.04, True))
    done = _step("talk", "speech.transcribe", Outcome.CACHED, count=3)
    failed = _step(NAME, "rag.answer", Outcome.FAILED)
    for report in done.calls:
        screen.progress.notify(CallFinished(report))
    screen.progress.notify(StepFinished(done))
    skipped = _step("last", "text.count", Outcome.SKIPPED)
    screen.progress.notify(RunFinished(RunReport(Status.FAILED, (done, failed, skipped), {}, 1.0)))
    assert screen.lines() == [
        "= talk                        speech.transcribe  cached (3 calls)",
        "✗ a-step-with-a-rather-long…  rag.answer         failed in 1.3 s",
        "- last                        text.count         not started",
    ]
    assert "✓ installed the packages of speech in 2.0 s" in screen.written.getvalue()


def test_a_long_plan_shows_what_is_at_work() -> None:
    screen = Screen(lines=10)
    screen.progress.notify(RunStarted([(f"step{number}", "text.count") for number in range(100)]))
    for number in range(50):
        screen.progress.notify(StepFinished(_step(f"step{number}", "text.count", Outcome.EXECUTED)))
    screen.progress.notify(CallStarted("step77", None))
    shown = screen.lines()
    screen.progress.notify(RunFinished(RunReport(Status.DONE, (), {}, 1.0)))
    assert len(shown) == 7
    assert [line.split()[1] for line in shown] == [*(f"step{number}" for number in range(44, 50)), "step77"]


@pytest.mark.parametrize(
    ("term", "live"), [("xterm", True), ("dumb", False), ("unknown", False), (None, False)]
)
def test_a_terminal_that_cannot_be_redrawn_gets_plain_lines(
    monkeypatch: pytest.MonkeyPatch, term: str | None, live: bool
) -> None:
    monkeypatch.delenv("TERM", raising=False)
    if term is not None:
        monkeypatch.setenv("TERM", term)
    chosen = choose_progress(quiet=False, stream=_Terminal())
    assert isinstance(chosen, LiveProgress if live else PlainProgress)
