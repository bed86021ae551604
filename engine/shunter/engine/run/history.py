"""Past runs, as their folders tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.digest import JsonValue
from shunter.engine.errors import UsageError
from shunter.engine.run.hold import is_held


@dataclass(frozen=True)
class PastRun:
    """A run's folder; reading it never changes it."""

    folder: Path

    @property
    def id(self) -> str:
        """The run's name, which sorts by time."""
        return self.folder.name

    def about(self) -> dict[str, JsonValue]:
        """What was known when it began: `started` (seconds since the epoch), `goal`, `inputs` (encoded)."""
        try:
            found = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def events(self) -> Iterator[dict[str, JsonValue]]:
        """What happened, in order; a last line that a crash cut off is left out."""
        try:
            lines = (self.folder / "events.jsonl").read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event

    def status(self) -> str:
        """`done`, `failed`, `cancelled`, `running`, or `killed` where it ended without a word."""
        status: str | None = None
        for event in self.events():
            match event.get("event"):
                case "run-resumed":
                    status = None
                case "run-finished":
                    status = str(event["status"])
        return status or ("running" if self.is_running() else "killed")

    def calls(self) -> list[dict[str, JsonValue]]:
        """The last that was told of each call that ended.

        Of one that ran, and came from the cache when the run was resumed: that it ran.
        """
        told: dict[tuple[object, object], dict[str, JsonValue]] = {}
        for event in self.events():
            if event.get("event") == "call-finished":
                call = (event.get("step"), event.get("index"))
                kept = told.pop(call, None)
                ran = event.get("outcome") == "cached" and kept and kept.get("outcome") == "executed"
                told[call] = kept if ran and kept else event
        return list(told.values())

    def nested(self, step: JsonValue, index: JsonValue) -> list[dict[str, JsonValue]]:
        """What a step's call called while it ran, as far as it ended, each below what called it."""
        told: dict[tuple[int, ...], dict[str, JsonValue]] = {}
        for event in self.events():
            if (event.get("step"), event.get("index")) != (step, index):
                continue
            match event:
                case {"event": "call-started"}:
                    told.clear()  # it was killed, and begins again
                case {"event": "nested-finished", "path": list(path)}:
                    told[tuple(number for number in path if isinstance(number, int))] = event
        return [told[path] for path in sorted(told)]

    def in_flight(self) -> set[tuple[str, int | None]]:
        """The calls that were started, by step and element, and of which no end is told."""
        open_calls: set[tuple[str, int | None]] = set()
        for event in self.events():
            index = event.get("index")
            call = (str(event.get("step")), index if isinstance(index, int) else None)
            if event.get("event") == "call-started":
                open_calls.add(call)
            elif event.get("event") == "call-finished":
                open_calls.discard(call)
        return open_calls

    def logs(self) -> list[Path]:
        """The logs of the calls that ran: `STEP.stdout`, `STEP.INDEX.stderr`."""
        return sorted(self.folder.glob("logs/*"))

    def is_running(self) -> bool:
        """Whether its process is alive."""
        return is_held(self.folder / "lock")


def past_runs(runs: Path) -> list[PastRun]:
    """Every run below `runs`, the latest first."""
    try:
        folders = [child for child in runs.iterdir() if (child / "run.json").exists()]
    except FileNotFoundError:
        return []
    return [PastRun(folder) for folder in sorted(folders, key=lambda folder: folder.name, reverse=True)]


def find_run(runs: Path, name: str) -> PastRun:
    """The run called `name`, by any part of it that only one run has, or `last`; raises UsageError."""
    known = past_runs(runs)
    if not known:
        raise UsageError("there are no runs yet", hint="`shunter run PLAN` makes one")
    matches = known[:1] if name == "last" else [run for run in known if name in run.id]
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise UsageError(f"there is no run {name!r}", hint="`shunter runs list` shows them")
    raise UsageError(
        f"{len(matches)} runs have {name!r} in their name", hint=f"the latest is {matches[0].id}"
    )
