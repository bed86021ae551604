"""A home that grows old at will."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.store.seal import is_sealed, set_seal
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.upkeep.prune import Pruned, PruneLimits, prune
from shunter.engine.values import Directory, File, Value

DAY = 86400.0


class OldHome:
    """A home folder; `store` is opened anew by `rest`, so that nothing is in use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = folder / "runs"
        self.store = LocalStore(folder)
        self.store.parts.index.rows()

    def rest(self) -> None:
        """Nobody uses the store any more."""
        self.store.close()
        self.store = LocalStore(self.folder)

    def file(self, content: str | bytes, name: str = "x") -> File:
        """A file in the store."""
        return self.store.put_bytes(content.encode() if isinstance(content, str) else content, name)

    def directory(self, *contents: str) -> Directory:
        """A folder of files, with `contents` in them."""
        files = [self.file(content) for content in contents]
        return self.store.put_tree(
            tree_of((str(n), FileEntry(f.digest, f.size)) for n, f in enumerate(files))
        )

    def record(self, name: str, value: Value, **parts: object) -> Digest:
        """Keep a result under a key made of `name`."""
        key = digest_bytes(name.encode())
        about = {"label": "toy.f", "environment": {}, **parts}
        self.store.record(key, Result(value, None, None, 1.0, time.time()), about)  # type: ignore[arg-type]
        return key

    def age(self, seconds: float, *keys: Digest) -> None:
        """Let all be last needed and used so long ago, or of these results alone be said so."""
        then = time.time() - seconds
        for top in () if keys else ("blobs", "trees", "handles"):
            for path in (self.folder / top).rglob("*"):
                found = path.lstat()
                if path.is_file() and not path.is_symlink():
                    _age(path, found, then, then if top == "handles" else found.st_mtime)
        for database in (self.folder / "index.sqlite", *self.folder.glob("caches/*.sqlite")):
            with closing(sqlite3.connect(database, isolation_level=None)) as rows:
                if keys:
                    rows.executemany(
                        "UPDATE results SET last_used = ? WHERE key = ?", [(then, key) for key in keys]
                    )
                else:
                    rows.execute("UPDATE results SET last_used = ?", (then,))

    def prune(self, *, dry: bool = False, **limits: float | None) -> Pruned:
        """Prune it."""
        return prune(self.store, self.runs, PruneLimits(**limits), dry=dry)  # type: ignore[arg-type]

    def has(self, artifact: File | Directory) -> bool:
        """Whether content is there, without using it."""
        parts = self.store.parts
        if isinstance(artifact, Directory):
            return os.path.isdir(parts.trees.path(artifact.digest)) and os.path.isfile(
                parts.trees.manifest_path(artifact.digest)
            )
        return os.path.isfile(parts.blobs.path(artifact.digest))

    def results(self) -> set[Digest]:
        """The keys of the results that are there."""
        return {row.key for row in self.store.parts.index.rows()}


def _age(path: Path, found: os.stat_result, needed: float, modified: float) -> None:
    """A whole seal stays so, as it does where time passes by itself."""
    if is_sealed(found):
        set_seal(os.fspath(path))
        os.utime(path, ns=(int(needed * 1e9), path.lstat().st_mtime_ns))
    else:
        os.utime(path, (needed, modified))


@pytest.fixture
def old() -> Iterator[OldHome]:
    folder = Path(tempfile.mkdtemp(prefix="shunter-upkeep-"))
    made = OldHome(folder / "home")
    yield made
    made.store.close()
    shutil.rmtree(folder)
