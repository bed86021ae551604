"""A result as a row of the index and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from shunter.engine.actions.lasting import Lasting
from shunter.engine.actions.model import CachePolicy
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.values import Artifact, File, artifacts, decode, encode


class Row(NamedTuple):
    """What the index keeps of a result.

    `seal` is a checksum of key and result, `boot` the boot in which the content was written (empty once it
    was read back since), `last_used` in seconds since the epoch.
    """

    key: Digest
    result: str
    seal: int
    boot: str
    last_used: float


def content_of(result: Result) -> Iterator[Artifact]:
    """The content that a result is made of: its value's, and what was printed."""
    yield from artifacts(result.value)
    yield from (log for log in (result.stdout, result.stderr) if log is not None)


def seal_of(key: Digest, text: str) -> int:
    """Tells a row that was written from one that a damaged file gives."""
    return crc32(f"{key} {text}".encode())


def write_result(result: Result) -> str:
    """Fields of records stay in their order, which canonical JSON would change."""
    logs = [None if log is None else encode(log) for log in (result.stdout, result.stderr)]
    bound = [result.bound.policy.value, result.bound.until]
    fields = [encode(result.value), *logs, result.seconds, result.created, bound]
    return json.dumps(fields, separators=(",", ":"))


def read_result(row: Row) -> Result | None:
    """The result in a row; None where the row is damaged."""
    try:
        if row.seal != seal_of(row.key, row.result):
            return None
        value, stdout, stderr, seconds, created, (policy, until) = json.loads(row.result)
        bound = Lasting(CachePolicy(policy), until)
        return Result(decode(value), _log(stdout), _log(stderr), seconds, created, bound)
    except (ValueError, TypeError, AttributeError):
        return None


def _log(data: JsonValue) -> File | None:
    file = None if data is None else decode(data)
    if file is None or isinstance(file, File):
        return file
    raise ValueError(f"not a log: {data!r}")
