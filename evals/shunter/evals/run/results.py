"""Results as JSON lines, written as they happen: a head, a record for each case, an end.

A run that was killed leaves a file without an end, and maybe half a line: `resume` cuts that off and goes on.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Self

from pydantic import Field, ValidationError

from shunter.evals.case.strict import Strict
from shunter.evals.errors import ResultsError, unreadable
from shunter.evals.run.record import Record


class Head(Strict):
    """What a run of suites was asked to do. `started` is in seconds since the epoch."""

    eval: Literal[1] = 1
    id: str
    started: float
    suites: tuple[str, ...]
    filters: tuple[str, ...] = ()
    planner: str
    model: str | None = None
    fault: str | None = None
    epochs: int = Field(default=1, ge=1)
    cases: tuple[str, ...]


class End(Strict):
    """The last line. `seconds` is wall clock, of the part since the run was last taken up."""

    end: Literal[1] = 1
    seconds: float


@dataclass(frozen=True)
class Results:
    """A file of results as it was read; of records for the same case and epoch the last one counts."""

    head: Head
    records: tuple[Record, ...]
    end: End | None = None


def new_id() -> str:
    """A name for a run, which sorts by time."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"


def read_results(path: Path) -> Results:
    """The results in a file; raises ResultsError."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable(path, error) from None
    except UnicodeDecodeError:
        raise _no_results(path, 1) from None
    return _parsed(path, content)


def _parsed(path: Path, content: str) -> Results:
    whole = content[: content.rfind("\n") + 1].splitlines()
    if not whole:
        raise _no_results(path, 1)
    head: Head | None = None
    end: End | None = None
    records: dict[tuple[str, int], Record] = {}
    for number, line in enumerate(whole, 1):
        try:
            if head is None:
                head = Head.model_validate_json(line)
            elif line.startswith('{"end"'):
                end = End.model_validate_json(line)
            else:
                record = Record.model_validate_json(line)
                records.pop((record.case, record.epoch), None)
                records[record.case, record.epoch] = record
                end = None
        except ValidationError:
            raise _no_results(path, number) from None
    assert head is not None
    return Results(head, tuple(records.values()), end)


def _no_results(path: Path, line: int) -> ResultsError:
    return ResultsError(
        f"{path}, line {line}: this isn't what `shunter eval` writes", hint="name a file of results (.jsonl)"
    )


class ResultsFile:
    """A file of results that is being written; nobody else can write to it meanwhile."""

    def __init__(self, path: Path, head: Head, stream: BinaryIO) -> None:
        self.path = path
        self.head = head
        self._stream = stream

    @classmethod
    def create(cls, path: Path, head: Head) -> Self:
        """Begin a new file; raises ResultsError where there is one."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            made = cls(path, head, _locked(path, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            raise ResultsError(
                f"{path} is there already",
                hint="`--resume` goes on with it; or name another file, or remove it",
            ) from None
        except OSError as error:
            raise unreadable(path, error) from None
        made._write(head)
        return made

    @classmethod
    def resume(cls, path: Path) -> tuple[Self, Results]:
        """Go on with a file; raises ResultsError where it isn't one, or is being written."""
        try:
            stream = _locked(path, 0)
        except OSError as error:
            raise unreadable(path, error) from None
        try:
            content = stream.read()
            whole = content.rfind(b"\n") + 1
            found = _parsed(path, content[:whole].decode("utf-8", "replace"))
            stream.seek(whole)
            stream.truncate(whole)
        except BaseException:
            stream.close()
            raise
        return cls(path, found.head, stream), found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stream.close()

    def add(self, record: Record) -> None:
        """Write one record, which is whole from then on, whatever happens to this process."""
        self._write(record)

    def finish(self, seconds: float) -> None:
        """Write the last line."""
        self._write(End(seconds=round(seconds, 3)))

    def _write(self, line: Strict) -> None:
        try:
            text = json.dumps(line.model_dump(mode="json", by_alias=True), ensure_ascii=False)
            self._stream.write(text.encode("utf-8", "replace") + b"\n")  # half a character is no text
            self._stream.flush()
        except OSError as error:
            raise unreadable(self.path, error) from None


def _locked(path: Path, flags: int) -> BinaryIO:
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | flags, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ResultsError(f"{path} is being written by another eval run", hint="wait for its end") from None
    return os.fdopen(handle, "r+b")


def latest_results(folder: Path) -> Path:
    """The file of the latest run whose results were kept in `folder`; raises ResultsError."""
    found: Iterable[Path] = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    *_, last = [None, *found]
    if last is None:
        raise ResultsError("there are no results yet", hint="`shunter eval SUITE` makes some")
    return last
