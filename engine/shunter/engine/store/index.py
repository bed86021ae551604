"""Results by action key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.store.audit import Audit
from shunter.engine.store.boot import boot_identity
from shunter.engine.store.database import Database
from shunter.engine.store.home import Home
from shunter.engine.store.locks import Locks
from shunter.engine.store.notice import notice
from shunter.engine.store.recency import FRESH
from shunter.engine.store.rows import Row, content_of, read_result, seal_of, write_result
from shunter.engine.values import Artifact

if TYPE_CHECKING:
    from sqlite3 import Connection


VERSION = 3
_SHARED = "index.sqlite"
_SCHEMA = """
CREATE TABLE results (
    key TEXT PRIMARY KEY,      -- of the action
    result TEXT NOT NULL,      -- value, stdout, stderr, seconds, created, bound: JSON
    seal INTEGER NOT NULL,     -- checksum of key and result
    boot TEXT NOT NULL,        -- the boot in which the content was written; empty once it was read back since
    last_used REAL NOT NULL    -- seconds since the epoch, to about a minute
) WITHOUT ROWID;
CREATE TABLE origins (         -- apart, so that a lookup reads no page of it
    key TEXT PRIMARY KEY,
    function TEXT NOT NULL,
    recorded REAL NOT NULL,    -- seconds since the epoch
    parts TEXT NOT NULL        -- what the key was made of: JSON
);
CREATE INDEX functions ON origins (function, recorded);
"""
_BATCH = 500
UNPROVEN = "retold"
"""In place of a boot: its content has to be read before it is trusted."""

_SELECT = "SELECT key, result, seal, boot, last_used FROM results"
_TOUCH = "UPDATE results SET last_used = ?, boot = ? WHERE key = ? AND seal = ?"
_INSERT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)"
_INSERT_ORIGIN = "INSERT OR REPLACE INTO origins VALUES (?, ?, ?, ?)"
_FORGET = "DELETE FROM results WHERE key = ? AND last_used = ?"
_FORGET_ORIGIN = "DELETE FROM origins WHERE key = ? AND NOT EXISTS (SELECT 1 FROM results WHERE key = ?)"
_ORIGINS = "SELECT key, recorded, parts FROM origins WHERE function = ? ORDER BY recorded DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Origin:
    """What the key of a recorded result was made of; `recorded` in seconds since the epoch."""

    key: Digest
    recorded: float
    parts: Mapping[str, JsonValue]


class Index:
    """The results of a store; a result whose content is gone is no result."""

    def __init__(self, home: Home, locks: Locks, audit: Audit, name: str = _SHARED) -> None:
        self.name = name
        fill = self._take_back if name == _SHARED else None
        self.database = Database(home, locks, name, schema=_SCHEMA, version=VERSION, fill=fill)
        self._home = home
        self._audit = audit
        self._boot = boot_identity()

    def lookup(self, keys: Iterable[Digest]) -> dict[Digest, Result]:
        """The results that are there and whole. They are noted as used, and stay while they are."""
        wanted = list(dict.fromkeys(keys))
        rows = self.database.use(lambda connection: list(_select(connection, wanted))) if wanted else []
        found: dict[Digest, Result] = {}
        stale: list[Row] = []
        now = time.time()
        with self._home.guard():
            for row, result in self._whole(rows):
                found[row.key] = result
                if now > row.last_used + FRESH or self._is_unproven(row):
                    stale.append(row)
        for key in self.database.use(lambda connection: self._touch(connection, stale)) if stale else ():
            del found[key]
        return found

    def record(self, key: Digest, result: Result, parts: JsonValue) -> None:
        """Keep `result` under `key`; `label` in `parts` is the function's name.

        What was there before may be in use: its content counts as young from now on.
        """
        text, now = write_result(result), time.time()
        label = parts.get("label") if isinstance(parts, Mapping) else None
        row = (key, text, seal_of(key, text), self._boot, now)
        origin = (key, str(label or ""), now, json.dumps(parts, separators=(",", ":")))

        def write(connection: Connection) -> list[Row]:
            replaced = list(_select(connection, [key]))
            _insert(connection, row)
            connection.execute(_INSERT_ORIGIN, origin)
            return replaced

        with self._home.guard():
            for old in self.database.use(write):
                if old.result != text and (before := read_result(old)) is not None:
                    for item in content_of(before):
                        self._audit.keep(item)

    def rows(self) -> list[Row]:
        """All rows as they are, without noting any as used."""
        query = _SELECT.replace("last_used", "CAST(last_used AS REAL)")
        return self.database.use(lambda connection: [Row(*fields) for fields in connection.execute(query)])

    def functions(self) -> dict[Digest, str]:
        """The function that each key is of."""
        return self.database.use(
            lambda connection: dict(connection.execute("SELECT key, function FROM origins"))
        )

    def environments(self) -> list[tuple[Digest, float]]:
        """The key of each environment that a result was made with, and when that result was last used."""
        query = (
            "SELECT origins.parts, results.last_used FROM origins JOIN results USING (key)"
            ' WHERE origins.parts LIKE \'%"environment":{"%\''
        )
        found = self.database.use(lambda connection: list(connection.execute(query)))
        return [(key, used) for text, used in found for key in _environments(text)]

    def origins(self, function: str, most: int) -> list[Origin]:
        """What the keys of a function's latest results were made of, the latest first."""
        found = self.database.use(lambda connection: list(connection.execute(_ORIGINS, (function, most))))
        return [origin for fields in found if (origin := _origin(*fields)) is not None]

    def origin(self, key: Digest) -> Origin | None:
        """What `key` was made of, where a result was recorded under it."""
        query = "SELECT key, recorded, parts FROM origins WHERE key = ?"
        found = self.database.use(lambda connection: connection.execute(query, (key,)).fetchone())
        return None if found is None else _origin(*found)

    def forget(self, rows: Sequence[Row]) -> int:
        """Remove rows that weren't used since they were read; how many there were."""

        def remove(connection: Connection) -> int:
            before = connection.total_changes
            connection.executemany(_FORGET, [(row.key, row.last_used) for row in rows])
            removed = connection.total_changes - before
            connection.executemany(_FORGET_ORIGIN, [(row.key, row.key) for row in rows])
            return removed

        return self.database.use(remove) if rows else 0

    def discard(self, key: Digest) -> None:
        """Remove what is under `key`, however damaged it is."""

        def remove(connection: Connection) -> None:
            connection.execute("DELETE FROM results WHERE key = ?", (key,))
            connection.execute("DELETE FROM origins WHERE key = ?", (key,))

        self.database.use(remove)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def _take_back(self, connection: Connection) -> None:
        """Fill a new index with what past runs tell; their content is read before it is trusted."""
        from shunter.engine.store.retold import retold

        now = time.time()
        rows = {key: write_result(result) for key, result in retold(self._home.root / "runs")}
        sealed = [(key, text, seal_of(key, text), UNPROVEN, now) for key, text in rows.items()]
        connection.executemany(_INSERT, sealed)
        if sealed:
            taken = "1 result was" if len(sealed) == 1 else f"{len(sealed)} results were"
            message = "%s is made anew: %s taken back from the folders of past runs"
            notice(message, self._home.root / _SHARED, taken)

    def _whole(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Result]]:
        """A cheap look at the content of each, and a full one where the machine was started since."""
        there = _Memory(self._audit.is_there)
        intact = _Memory(self._audit.is_intact)
        for row in rows:
            result = read_result(row)
            look = intact if self._is_unproven(row) else there
            if result is not None and all(look[item] for item in content_of(result)):
                yield row, result

    def _is_unproven(self, row: Row) -> bool:
        return row.boot not in ("", self._boot)

    def _touch(self, connection: Connection, rows: Sequence[Row]) -> list[Digest]:
        """Note rows as used; the keys of those that were removed or replaced since they were read."""
        now, before = time.time(), connection.total_changes
        proven = (("" if self._is_unproven(row) else row.boot, row) for row in rows)
        connection.executemany(_TOUCH, [(now, boot, row.key, row.seal) for boot, row in proven])
        if connection.total_changes - before == len(rows):
            return []
        left = {(row.key, row.seal) for row in _select(connection, [row.key for row in rows])}
        return [row.key for row in rows if (row.key, row.seal) not in left]


class _Memory(dict[Artifact, bool]):
    """Asks once about each artifact."""

    def __init__(self, ask: Callable[[Artifact], bool]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, artifact: Artifact) -> bool:
        self[artifact] = answer = self._ask(artifact)
        return answer


def _select(connection: Connection, keys: Sequence[Digest]) -> Iterator[Row]:
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        query = f"{_SELECT} WHERE key IN ({','.join('?' * len(batch))})"
        for fields in connection.execute(query, batch):
            yield _checked(Row(*fields))


def _checked(row: Row) -> Row:
    """`row`, which is as it was written; what SQLite doesn't notice can be as damaged as what it does."""
    from sqlite3 import DatabaseError

    right = row.seal == seal_of(row.key, row.result) and isinstance(row.boot, str)
    if not (right and isinstance(row.last_used, int | float)):
        raise DatabaseError("a row isn't what was written")
    return row


def _insert(connection: Connection, row: tuple[str | int | float, ...]) -> None:
    """Write a row that can be found again: a damaged page can swallow it."""
    from sqlite3 import DatabaseError

    connection.execute(_INSERT, row)
    found = connection.execute(f"{_SELECT} WHERE key = ?", row[:1]).fetchall()
    if [(key, seal) for key, _, seal, _, _ in found] != [(row[0], row[2])]:
        raise DatabaseError("it doesn't find what was just written")


def _origin(key: Digest, recorded: float, text: str) -> Origin | None:
    try:
        parts = json.loads(text)
    except (ValueError, TypeError):
        return None
    return Origin(key, recorded, parts) if isinstance(parts, dict) else None


def _environments(text: str) -> list[Digest]:
    try:
        environment = json.loads(text)["environment"]
        return [Digest(key) for key in environment.values() if isinstance(key, str)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []
