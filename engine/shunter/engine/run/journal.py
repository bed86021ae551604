"""A run's folder, written as it happens: plan, events as JSON lines, logs, outputs."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import ALWAYS
from shunter.engine.digest import JsonValue
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
from shunter.engine.run.hold import held_lock
from shunter.engine.run.outcome import CallReport, Outcome
from shunter.engine.store.home import trouble
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.retold import told
from shunter.engine.values import File, encode

if TYPE_CHECKING:
    from shunter.engine.egress.record import Asked
    from shunter.engine.run.job import Place
    from shunter.engine.store.left import Left


class Journal:
    """Writes one run's folder; an observer. `id` sorts by the time at which the run began.

    The folder's `lock` is held as long as the process lives, so that a killed run can be told from a
    running one. Cached calls aren't flushed one by one: a crash can only lose the news of what the cache
    still knows.
    """

    def __init__(
        self, runs: Path, store: ArtifactStore, *, plan: str, about: Mapping[str, JsonValue]
    ) -> None:
        self.id = _new_id(time.time())
        self.folder = runs / self.id
        self._store = store
        with _guard(self.folder):
            runs.mkdir(mode=0o700, exist_ok=True)
            self.folder.mkdir()
            self._lock = held_lock(self.folder / "lock")
            (self.folder / "plan.yaml").write_text(plan, encoding="utf-8")
            record = {"id": self.id, "started": time.time(), **about}
            _write_whole(self.folder / "run.json", json.dumps(record) + "\n")
            self._events = (self.folder / "events.jsonl").open("a", encoding="ascii")

    @classmethod
    def reopened(cls, folder: Path, store: ArtifactStore) -> Self:
        """Go on in the folder of a run that ended early; raises RunBusy where a process is at it."""
        journal = cls.__new__(cls)
        journal.id, journal.folder, journal._store = folder.name, folder, store
        journal._lock = held_lock(folder / "lock")
        journal._events = (folder / "events.jsonl").open("a", encoding="ascii")
        return journal

    def resume(self) -> None:
        """Note that from here on the run goes on."""
        told = (self.folder / "events.jsonl").read_bytes()
        self._events.write("" if told[-1:] in (b"", b"\n") else "\n")  # a kill may have cut the last line off
        self._events.write(json.dumps({"at": round(time.time(), 3), "event": "run-resumed"}) + "\n")
        self._events.flush()

    def notify(self, event: Event) -> None:
        """Append `event`; logs of a call that ran are kept beside it."""
        cached = isinstance(event, CallFinished | NestedFinished) and event.report.outcome is Outcome.CACHED
        with _guard(self.folder):
            self._events.write(json.dumps({"at": round(time.time(), 3), **event_data(event)}) + "\n")
            if not (cached or isinstance(event, StepStarted | StepFinished)):
                self._events.flush()
            if isinstance(event, CallFinished | NestedFinished) and not cached:
                self._keep_logs(event)

    def close(self) -> None:
        """Let go of the folder; the run counts as over."""
        if self._events.closed:
            return
        try:
            with _guard(self.folder):
                self._events.close()
        finally:
            os.close(self._lock)

    def _keep_logs(self, event: CallFinished | NestedFinished) -> None:
        from shunter.engine.run.job import Place

        report = event.report
        name = event.place if isinstance(event, NestedFinished) else Place(report.step, report.index)
        for stream, log in (("stdout", report.stdout), ("stderr", report.stderr)):
            if log is not None:
                kept = self.folder / "logs" / f"{name}.{stream}"
                kept.parent.mkdir(exist_ok=True)
                kept.unlink(missing_ok=True)  # where the run is resumed
                self._store.export(log, kept)


def event_data(event: Event) -> dict[str, JsonValue]:
    """`event` as JSON data; `event` names its kind."""
    match event:
        case RunStarted(steps):
            return {"event": "run-started", "steps": [{"id": name, "call": call} for name, call in steps]}
        case StepStarted(step, call, calls):
            return {"event": "step-started", "step": step, "call": call, "calls": calls}
        case CallStarted(step, index):
            return {"event": "call-started", "step": step, "index": index}
        case PreparationStarted(label):
            return {"event": "preparation-started", "label": label}
        case PreparationFinished(label, seconds, succeeded, key, value):
            built = {} if key is None else told(key, value)
            took = round(seconds, 3)
            return {
                "event": "preparation-finished",
                "label": label,
                "seconds": took,
                "succeeded": succeeded,
                **built,
            }
        case CallFinished(report):
            return {"event": "call-finished", **call_data(report)}
        case NestedStarted(place, call):
            return {"event": "nested-started", **_place_data(place), "call": call}
        case NestedFinished(place, call, report):
            return {"event": "nested-finished", **call_data(report), **_place_data(place), "call": call}
        case StepFinished(report):
            outcome, seconds = report.outcome.value, round(report.seconds, 3)
            return {"event": "step-finished", "step": report.id, "outcome": outcome, "seconds": seconds}
        case RunFinished(report):
            outputs = {name: encode(value) for name, value in report.outputs.items()}
            seconds = round(report.seconds, 3)
            return {
                "event": "run-finished",
                "status": report.status.value,
                "seconds": seconds,
                "outputs": outputs,
            }


def call_data(report: CallReport) -> dict[str, JsonValue]:
    """A call's report as JSON data."""
    data: dict[str, JsonValue] = {
        "step": report.step,
        "index": report.index,
        "outcome": report.outcome.value,
        "key": report.key,
        "seconds": round(report.seconds, 3),
    }
    if report.outcome in {Outcome.EXECUTED, Outcome.CACHED}:
        data["value"] = encode(report.value)
    if report.failure is not None:
        data["failure"] = failure_data(report.failure)
    if report.asked:
        data["asked"] = [asked_data(asked) for asked in report.asked]
    if report.left is not None:
        data["left"] = left_data(report.left)
    logs: tuple[tuple[str, File | None], ...] = (("stdout", report.stdout), ("stderr", report.stderr))
    data.update({name: encode(log) for name, log in logs if log is not None})
    if report.outcome is Outcome.EXECUTED and report.key is not None and report.bound == ALWAYS:
        data.update(told(report.key, report.value, report.stdout, report.stderr))
    return data


def _place_data(place: Place) -> dict[str, JsonValue]:
    return {"step": place.step, "index": place.index, "path": list(place.path)}


def left_data(left: Left) -> dict[str, JsonValue]:
    """What is kept of a failed call as JSON data."""
    return {
        "folder": encode(left.folder),
        "files": left.files,
        "size": left.size,
        "omitted": list(left.omitted),
        "more": left.more,
    }


def asked_data(asked: Asked) -> dict[str, JsonValue]:
    """What was wanted of the network as JSON data."""
    return {
        "host": asked.host,
        "verdict": asked.verdict.value,
        "reason": asked.reason,
        "count": asked.count,
    }


def failure_data(failure: Failure) -> dict[str, JsonValue]:
    """A failure as JSON data."""
    return {
        "kind": failure.kind.value,
        "message": failure.message,
        "exit_code": failure.exit_code,
        "stderr": failure.stderr,
        "stdout": failure.stdout,
        "command": list(failure.command),
        "hint": failure.hint,
    }


def _new_id(now: float) -> str:
    """Microseconds, since a cached run takes less than a second; and chance, should two processes agree."""
    second = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    return f"{second}-{int(now % 1 * 1e6):06d}{secrets.token_hex(1)}"


@contextmanager
def _guard(folder: Path) -> Iterator[None]:
    """Turn an operating system's error into a StoreError that names the home that a run's folder is in."""
    try:
        yield
    except OSError as error:
        raise trouble(folder.parents[1], error) from error


def _write_whole(path: Path, text: str) -> None:
    """A run counts from the moment that this file is there."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
