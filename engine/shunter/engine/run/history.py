"""Past runs, as their folders tell."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.digest import JsonValue
from shunter.engine.errors import UsageError


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
        for event in self.events():
            if event.get("event") == "run-finished":
                return str(event["status"])
        return "running" if self._is_locked() else "killed"

    def logs(self) -> list[Path]:
        """The logs of the calls that ran: `STEP.stdout`, `STEP.INDEX.stderr`."""
        return sorted(self.folder.glob("logs/*"))

    def _is_locked(self) -> bool:
        try:
            with (self.folder / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False


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
