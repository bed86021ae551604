"""What was tried and what went wrong: one line while it goes on, one at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

_SELDOM = 30.0
"""Seconds between two lines where nobody watches."""


@dataclass
class Tally:
    """Counts by name, and violations: any is one too many."""

    stream: TextIO = sys.stdout
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    shown: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def count(self, name: str, number: int = 1) -> None:
        """Note that something was done `number` times."""
        self.counts[name] += number

    def expect(self, holds: bool, what: str) -> None:
        """Note a violation where `holds` is false."""
        if not holds:
            self.violations.append(what)
            self.say(f"VIOLATION: {what}")

    def say(self, text: str) -> None:
        """Write a line of its own."""
        start = "\r\x1b[K" if self.stream.isatty() else ""
        print(f"{start}{text}", file=self.stream, flush=True)

    def show(self, now: str) -> None:
        """Write the line of progress anew; where nobody watches, a line now and then."""
        line = f"{self.seconds():6.0f} s  {now}  {self.summary()}"
        if self.stream.isatty():
            print(f"\r{line[:180]}\x1b[K", end="", file=self.stream, flush=True)
        elif self.seconds() > self.shown + _SELDOM:
            self.shown = self.seconds()
            print(line, file=self.stream, flush=True)

    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.began

    def summary(self) -> str:
        """All counts in one line."""
        counted = ", ".join(f"{number} {name}" for name, number in self.counts.items())
        return f"{counted}; {len(self.violations)} violations"
