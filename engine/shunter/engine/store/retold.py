"""Results as the folders of past runs tell them: an index that is lost is made again from these.

A run's events have the key and the value of whatever was executed. The content that they name is read before
it is trusted, as after a power cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from zlib import crc32

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.values import File, Value, decode, encode

SEAL = "seal"
_TOLD = ('"executed"', '"preparation-finished"')


def told(
    key: Digest, value: Value, stdout: File | None = None, stderr: File | None = None
) -> dict[str, JsonValue]:
    """A result for an event: key, value, logs, and a checksum of them."""
    logs = {name: encode(log) for name, log in (("stdout", stdout), ("stderr", stderr)) if log is not None}
    data: dict[str, JsonValue] = {"key": key, "value": encode(value), **logs}
    return {**data, SEAL: _seal(data)}


def retold(runs: Path) -> Iterator[tuple[Digest, Result]]:
    """The results that were told by the runs whose folders are in `runs`, the earliest first."""
    for folder in sorted(runs.glob("*/")):
        apart = _stands_apart(folder)
        for event in _events(folder / "events.jsonl"):
            if apart and event.get("event") in {"call-finished", "nested-finished"}:
                continue
            result = _result(event)
            if result is not None:
                yield Digest(str(event["key"])), result


def _events(path: Path) -> Iterator[Mapping[str, JsonValue]]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if any(word in line for word in _TOLD):
                    event = _json(line)
                    if isinstance(event, Mapping):
                        yield event
    except OSError:
        return


def _result(event: Mapping[str, JsonValue]) -> Result | None:
    """What an event tells; None for a failure, and for a line that isn't as it was written."""
    if event.get(SEAL) != _seal(event):
        return None
    try:
        seconds, created = event["seconds"], event["at"]
        stdout, stderr = (_log(event.get(name)) for name in ("stdout", "stderr"))
        if isinstance(seconds, int | float) and isinstance(created, int | float):
            return Result(decode(event["value"]), stdout, stderr, seconds, created)
    except (KeyError, ValueError, TypeError, AttributeError):
        pass
    return None


def _log(data: JsonValue) -> File | None:
    file = None if data is None else decode(data)
    return file if isinstance(file, File) else None


def _seal(data: Mapping[str, JsonValue]) -> int:
    return crc32(json.dumps([data.get(name) for name in ("key", "value", "stdout", "stderr")]).encode())


def _stands_apart(folder: Path) -> bool:
    """Whether the run had (or may have had) a cache of its own, whose results are nobody else's."""
    try:
        about = _json((folder / "run.json").read_text(encoding="utf-8"))
    except OSError:
        return True
    return not isinstance(about, Mapping) or about.get("cache") is not None


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return None
    return found
