"""An SQLite file that is opened when it is first needed, and made anew when it is of no use."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from shunter.engine.errors import StoreError
from shunter.engine.store.home import Home, is_full
from shunter.engine.store.locks import Locks
from shunter.engine.store.notice import notice

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

_DAMAGE = ("no such", "already exists", "not decode")
"""What SQLite says, of operations, where the file is at fault."""

_PATIENCE = 30.0
"""How many seconds to wait for another process that is writing."""

_WORTH_COMPACTING = 256
"""Pages of a database; one of fewer is left as it is."""


class Database:
    """A file of one schema below the home folder.

    Nothing in it is the only copy of anything: one that is damaged or of another version is said so,
    moved aside and made anew; `fill` gives a new one what is known elsewhere. Usable from several threads.
    """

    def __init__(
        self,
        home: Home,
        locks: Locks,
        name: str,
        *,
        schema: str,
        version: int,
        fill: Callable[[sqlite3.Connection], None] | None = None,
    ) -> None:
        self._home = home
        self._locks = locks
        self._path = home.root / name
        self._schema = schema
        self._version = version
        self._fill = fill
        self._using = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def use(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction; it is done again where the file had to be made anew."""
        import sqlite3

        with self._using:
            try:
                return self._attempt(work)
            except sqlite3.DatabaseError as error:
                if _is_damage(error):
                    self._replace(str(error))
                    return self._attempt(work)
                if isinstance(error, sqlite3.OperationalError):
                    raise self._trouble(error) from error
                raise

    def compact(self) -> None:
        """Give back the space of removed rows, where that is most of the file and nobody is writing."""
        import sqlite3

        def shrink(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, free = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count")
            )
            if pages > _WORTH_COMPACTING and free > pages / 2:
                connection.execute("PRAGMA busy_timeout = 200")
                with suppress(sqlite3.OperationalError):
                    connection.execute("VACUUM")
                connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")

        self.use(shrink)

    def close(self) -> None:
        """Close the file; it is opened again when it is used again."""
        with self._using:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection or self._open()
        with connection:
            return work(connection)

    def _open(self) -> sqlite3.Connection:
        with self._locks.named("open"):
            connection, version = self._connect()
            if version not in (0, self._version):
                connection.close()
                self._move_aside(f"it is of version {version}, and this is version {self._version}")
                connection, version = self._connect()
            if version == 0:
                steps = f"BEGIN; {self._schema} PRAGMA user_version = {self._version}; COMMIT;"
                connection.executescript(steps)
                if self._fill is not None:
                    with connection:
                        self._fill(connection)
        self._connection = connection
        return connection

    def _connect(self) -> tuple[sqlite3.Connection, int]:
        """The file, and its version: 0 for a new one."""
        import sqlite3

        self._make_file()
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cell_size_check = ON")
            return connection, connection.execute("PRAGMA user_version").fetchone()[0]
        except BaseException:
            connection.close()
            raise

    def _make_file(self) -> None:
        """An empty file, for nobody else to read; a log left without its database would be played into it."""
        with self._home.guard():
            if not self._path.exists():
                for suffix in ("-wal", "-shm"):
                    Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._inode = _inode(self._path)

    def _replace(self, reason: str) -> None:
        """Move the damaged file aside, unless another process has done so already."""
        self.close()
        with self._locks.named("open"):
            if self._inode == _inode(self._path):
                self._move_aside(reason)

    def _move_aside(self, reason: str) -> None:
        aside = self._path.with_name(f"{self._path.name}.unusable-{time.time_ns()}")
        notice("%s can't be used (%s): moved to %s and made anew", self._path, reason, aside.name)
        with self._home.guard():
            for suffix in ("-wal", "-shm", ""):
                source = Path(f"{self._path}{suffix}")
                if source.exists():
                    source.rename(f"{aside}{suffix}")

    def _trouble(self, error: sqlite3.OperationalError) -> StoreError:
        # of its shared memory, SQLite says no more than "disk I/O error"
        full = "full" in str(error) or is_full(self._home.root)
        return StoreError(
            f"{self._path} can't be {'written: no space is left' if full else f'used: {error}'}",
            hint="make space, or set SHUNTER_HOME to a folder on another disk"
            if full
            else "check that the home folder can be written, or set SHUNTER_HOME to another one",
        )


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is at fault: no database, a damaged one, or one without our tables."""
    return type(error).__name__ == "DatabaseError" or any(words in str(error) for words in _DAMAGE)


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return -1
