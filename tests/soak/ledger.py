"""What the folders of the runs say was done, and how often."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Call: TypeAlias = tuple[str, int | None]
"""A step, and the element in a mapped one."""


@dataclass(frozen=True)
class Ledger:
    """One run: the calls that were started, and the key of each that was finished, by what became of it."""

    started: frozenset[Call] = frozenset()
    executed: dict[Call, str] = field(default_factory=dict)
    cached: dict[Call, str] = field(default_factory=dict)

    @property
    def in_flight(self) -> frozenset[Call]:
        """The calls that were started, and of which no end is told."""
        return self.started - self.executed.keys() - self.cached.keys()


def runs_in(home: Path) -> set[Path]:
    """The folders of all runs."""
    return set((home / "runs").glob("*/"))


def read_ledger(run: Path, *, since: int = 0) -> Ledger:
    """What the run's events tell from line `since` on, a torn last line left out."""
    started: set[Call] = set()
    executed: dict[Call, str] = {}
    cached: dict[Call, str] = {}
    for event in _events(run)[since:]:
        call: Call = (str(event.get("step")), event.get("index"))
        if event.get("event") == "call-started":
            started.add(call)
        elif event.get("event") == "call-finished" and event["outcome"] in {"executed", "cached"}:
            {"executed": executed, "cached": cached}[event["outcome"]][call] = event["key"]
    return Ledger(frozenset(started), executed, cached)


def lines_of(run: Path) -> int:
    """How many events the run has told."""
    return len(_events(run))


def executions(ledgers: Iterable[Ledger]) -> Counter[str]:
    """How often each key was executed."""
    return Counter(key for ledger in ledgers for key in ledger.executed.values())


def _events(run: Path) -> list[dict[str, Any]]:
    try:
        lines = (run / "events.jsonl").read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
