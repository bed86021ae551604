"""Digests of users' own files, by what `stat` says of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.store.database import Database
from shunter.engine.store.home import Home
from shunter.engine.store.locks import Locks

if TYPE_CHECKING:
    from sqlite3 import Connection

VERSION = 2
_SCHEMA = """
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,   -- nanoseconds since the epoch
    changed INTEGER NOT NULL,    -- the same, of the inode
    inode INTEGER NOT NULL,
    device INTEGER NOT NULL,
    digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE folders (
    path BLOB PRIMARY KEY,
    glance TEXT NOT NULL,        -- at all that is below it
    digest TEXT NOT NULL
) WITHOUT ROWID;
"""
_RACY = 2_000_000_000
"""Nanoseconds. A file changed so shortly before it was read may change again under the same time stamp."""

SIGNED = (1 << 63) - 1
"""SQLite has no larger integers, and some file systems have larger inodes."""

_MOST = {"files": 2_000_000, "folders": 20_000}
"""Rows; a larger table starts anew."""

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""Size, times of modification and of change in nanoseconds, inode, device."""


def stamp(found: os.stat_result) -> Stamp:
    """What has to be the same for a file to be taken as unchanged."""
    inode, device = found.st_ino & SIGNED, found.st_dev & SIGNED
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, inode, device


def is_settled(seen: Stamp, now: int | None = None) -> bool:
    """Whether a change from now on would show in the stamp (`now` in nanoseconds since the epoch)."""
    _, modified, changed, _, _ = seen
    return max(modified, changed) < (time.time_ns() if now is None else now) - _RACY


class StatCache:
    """What is known of files; losing it costs time only."""

    def __init__(self, home: Home, locks: Locks) -> None:
        self._database = Database(home, locks, "stat.sqlite", schema=_SCHEMA, version=VERSION)

    def file(self, path: bytes) -> tuple[Stamp, Digest] | None:
        """What is known of one file, by its absolute path."""
        return self._database.use(lambda connection: _rows(connection, "path = ?", [path])).get(path)

    def below(self, path: bytes) -> dict[bytes, tuple[Stamp, Digest]]:
        """What is known of all files below a folder, by absolute path."""
        return self._database.use(
            lambda connection: _rows(connection, "path > ? AND path < ?", [path + b"/", path + b"0"])
        )

    def has_size(self, size: int) -> bool:
        """Whether a file of `size` bytes is known; reads all that is known."""
        query = "SELECT 1 FROM files WHERE size = ? LIMIT 1"
        return self._database.use(lambda connection: connection.execute(query, [size]).fetchone()) is not None

    def keep(self, known: Iterable[tuple[bytes, Stamp, Digest]]) -> None:
        """Remember files; the stamp was taken before the file was read and is settled."""
        rows = [(path, *seen, digest) for path, seen, digest in known]
        if rows:
            self._database.use(lambda connection: _insert(connection, "files", rows))

    def folder(self, path: bytes) -> tuple[Digest, Digest] | None:
        """What a glance at a folder, by its absolute path, showed when it was last taken, and its digest."""
        query = "SELECT glance, digest FROM folders WHERE path = ?"
        found = self._database.use(lambda connection: connection.execute(query, [path]).fetchone())
        return None if found is None else (Digest(found[0]), Digest(found[1]))

    def keep_folder(self, path: bytes, glance: Digest, digest: Digest) -> None:
        """Remember a folder; all that is in it is settled."""
        self._database.use(lambda connection: _insert(connection, "folders", [(path, glance, digest)]))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _rows(connection: Connection, where: str, values: Sequence[bytes]) -> dict[bytes, tuple[Stamp, Digest]]:
    query = f"SELECT path, size, modified, changed, inode, device, digest FROM files WHERE {where}"
    found = connection.execute(query, values)
    return {
        path: ((size, mod, chg, inode, dev), digest) for path, size, mod, chg, inode, dev, digest in found
    }


def _insert(connection: Connection, table: str, rows: Sequence[tuple[bytes | int | str, ...]]) -> None:
    if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] + len(rows) > _MOST[table]:
        connection.execute(f"DELETE FROM {table}")
    places = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", rows)
