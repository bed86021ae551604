"""Results by action key."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from shunter.engine.actions.lasting import Lasting
from shunter.engine.actions.model import CachePolicy
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.store.audit import Audit
from shunter.engine.store.boot import boot_identity
from shunter.engine.store.database import Database
from shunter.engine.store.home import Home
from shunter.engine.store.locks import Locks
from shunter.engine.values import Artifact, File, artifacts, decode, encode

if TYPE_CHECKING:
    from sqlite3 import Connection

_log = logging.getLogger(__name__)

VERSION = 2
_SHARED = "index.sqlite"
_SCHEMA = """
CREATE TABLE results (
    key TEXT PRIMARY KEY,      -- of the action
    result TEXT NOT NULL,      -- value, stdout, stderr, seconds, created, bound: JSON
    seal INTEGER NOT NULL,     -- checksum of key and result
    parts TEXT NOT NULL,       -- what the key was made of: JSON
    boot TEXT NOT NULL,        -- the boot in which the content was written; empty once it was read back since
    last_used REAL NOT NULL    -- seconds since the epoch, to about a minute
) WITHOUT ROWID;
"""
_BATCH = 500
_UNPROVEN = "retold"
"""In place of a boot: its content has to be read before it is trusted."""

_FRESH = 60.0
"""`last_used` isn't written again within so many seconds: a run answered by the cache writes nothing."""

_SELECT = "SELECT key, result, seal, boot, last_used FROM results WHERE key IN ({})"
_TOUCH = "UPDATE results SET last_used = ?, boot = ? WHERE key = ? AND seal = ?"
_INSERT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?)"


class _Row(NamedTuple):
    key: Digest
    result: str
    seal: int
    boot: str
    last_used: float


class Index:
    """The results of a store; a result whose content is gone is no result."""

    def __init__(self, home: Home, locks: Locks, audit: Audit, name: str = _SHARED) -> None:
        fill = self._take_back if name == _SHARED else None
        self._database = Database(home, locks, name, schema=_SCHEMA, version=VERSION, fill=fill)
        self._home = home
        self._audit = audit
        self._boot = boot_identity()

    def lookup(self, keys: Iterable[Digest]) -> dict[Digest, Result]:
        """The results that are there and whole."""
        wanted = list(dict.fromkeys(keys))
        rows = self._database.use(lambda connection: list(_select(connection, wanted))) if wanted else []
        found: dict[Digest, Result] = {}
        stale: list[_Row] = []
        now = time.time()
        with self._home.guard():
            for row, result in self._whole(rows):
                found[row.key] = result
                if now > row.last_used + _FRESH or self._is_unproven(row):
                    stale.append(row)
        if stale:
            self._database.use(lambda connection: self._touch(connection, stale))
        return found

    def record(self, key: Digest, result: Result, parts: JsonValue) -> None:
        """Keep `result` under `key`."""
        text = _write(result)
        row = (key, text, _seal(key, text), json.dumps(parts), self._boot, time.time())
        self._database.use(lambda connection: _insert(connection, row))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _take_back(self, connection: Connection) -> None:
        """Fill a new index with what past runs tell; their content is read before it is trusted."""
        from shunter.engine.store.retold import retold

        now = time.time()
        rows = {key: (key, _write(result)) for key, result in retold(self._home.root / "runs")}
        sealed = [(key, text, _seal(key, text), "{}", _UNPROVEN, now) for key, text in rows.values()]
        connection.executemany(_INSERT, sealed)
        if sealed:
            taken = "1 result was" if len(sealed) == 1 else f"{len(sealed)} results were"
            message = "%s is made anew: %s taken back from the folders of past runs"
            _log.warning(message, self._home.root / _SHARED, taken)

    def _whole(self, rows: Sequence[_Row]) -> Iterator[tuple[_Row, Result]]:
        """A cheap look at the content of each, and a full one where the machine was started since."""
        there = _Memory(self._audit.is_there)
        intact = _Memory(self._audit.is_intact)
        for row in rows:
            result = _read(row)
            look = intact if self._is_unproven(row) else there
            if result is not None and all(look[item] for item in _content(result)):
                yield row, result

    def _is_unproven(self, row: _Row) -> bool:
        return row.boot not in ("", self._boot)

    def _touch(self, connection: Connection, rows: Sequence[_Row]) -> None:
        now = time.time()
        proven = (("" if self._is_unproven(row) else row.boot, row) for row in rows)
        connection.executemany(_TOUCH, [(now, boot, row.key, row.seal) for boot, row in proven])


def _checked(row: _Row) -> _Row:
    """`row`, which is as it was written; what SQLite doesn't notice can be as damaged as what it does."""
    from sqlite3 import DatabaseError

    right = row.seal == _seal(row.key, row.result) and isinstance(row.boot, str)
    if not (right and isinstance(row.last_used, int | float)):
        raise DatabaseError("a row isn't what was written")
    return row


def _insert(connection: Connection, row: tuple[str | int | float, ...]) -> None:
    """Write a row that can be found again: a damaged page can swallow it."""
    from sqlite3 import DatabaseError

    connection.execute(_INSERT, row)
    found = connection.execute(_SELECT.format("?"), row[:1]).fetchall()
    if [(key, seal) for key, _, seal, _, _ in found] != [(row[0], row[2])]:
        raise DatabaseError("it doesn't find what was just written")


class _Memory(dict[Artifact, bool]):
    """Asks once about each artifact."""

    def __init__(self, ask: Callable[[Artifact], bool]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, artifact: Artifact) -> bool:
        self[artifact] = answer = self._ask(artifact)
        return answer


def _select(connection: Connection, keys: Sequence[Digest]) -> Iterator[_Row]:
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        query = _SELECT.format(",".join("?" * len(batch)))
        for fields in connection.execute(query, batch):
            yield _checked(_Row(*fields))


def _content(result: Result) -> Iterator[Artifact]:
    yield from artifacts(result.value)
    yield from (log for log in (result.stdout, result.stderr) if log is not None)


def _seal(key: Digest, text: str) -> int:
    """Tells a row that was written from one that a damaged file gives."""
    return crc32(f"{key} {text}".encode())


def _write(result: Result) -> str:
    """Fields of records stay in their order, which canonical JSON would change."""
    logs = [None if log is None else encode(log) for log in (result.stdout, result.stderr)]
    bound = [result.bound.policy.value, result.bound.until]
    fields = [encode(result.value), *logs, result.seconds, result.created, bound]
    return json.dumps(fields, separators=(",", ":"))


def _read(row: _Row) -> Result | None:
    try:
        value, stdout, stderr, seconds, created, (policy, until) = json.loads(row.result)
        bound = Lasting(CachePolicy(policy), until)
        return Result(decode(value), _read_log(stdout), _read_log(stderr), seconds, created, bound)
    except (ValueError, TypeError, AttributeError):
        return None


def _read_log(data: JsonValue) -> File | None:
    file = None if data is None else decode(data)
    if file is None or isinstance(file, File):
        return file
    raise ValueError(f"not a log: {data!r}")
