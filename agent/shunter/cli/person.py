"""The person at the terminal: what they are told and asked while the loop works."""

from __future__ import annotations

import sys

from shunter.agent.capabilities import allowing_flags, capability_sentence
from shunter.agent.planners.protocol import Proposal, Question, StepFailure
from shunter.agent.ready import ReadyPlan
from shunter.cli.messages import safe
from shunter.cli.summary import show_plan
from shunter.engine.plan.model import Requires


class Person:
    """Tells on standard error; asks where somebody can answer."""

    def __init__(self, *, quiet: bool, explain: bool) -> None:
        self._quiet = quiet
        self._explain = explain

    def choose(self, question: Question) -> int | None:
        """The number that was typed; None where nobody can be asked, or nothing sensible came."""
        if not _somebody_is_there():
            return None
        self._say(question.text)
        for number, choice in enumerate(question.choices, 1):
            self._say(f"  {number}  {choice.text}")
        typed = _ask(f"which one? [1-{len(question.choices)}, default 1] ")
        return int(typed) - 1 if typed.isdigit() and 1 <= int(typed) <= len(question.choices) else None

    def proposed(self, ready: ReadyPlan, proposal: Proposal, attempt: int) -> None:
        """Show the plan, and why its steps are there where that was asked for."""
        if self._quiet:
            return
        reasons = {reason.step: reason.text for reason in proposal.reasons} if self._explain else None
        show_plan(ready, sys.stderr, reasons)
        for note in proposal.notes:
            self._say(f"  note: {note}")

    def allow(self, lacking: Requires) -> bool:
        """Whether they say yes."""
        if not _somebody_is_there():
            return False
        self._say(f"this plan may {capability_sentence(lacking)}")
        self._say(f"  ({allowing_flags(lacking)} allows it beforehand)")
        return _ask("go on? [y/N] ").lower() in {"y", "yes"}

    def failed(self, failures: tuple[StepFailure, ...]) -> None:
        """Say what failed, and that it isn't the end."""
        if self._quiet:
            return
        for failure in failures:
            self._say(f"failed: {failure.step}: {failure.message}")
        self._say("planning again")

    def _say(self, text: str) -> None:
        print(safe(text), file=sys.stderr)


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
