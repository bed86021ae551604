"""What the engine and the executors need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory, File


class ArtifactStore(Protocol):
    """Content by digest. Everything is immutable once it is in; every write is atomic."""

    def put_bytes(self, content: bytes, name: str, *, executable: bool = False) -> File:
        """Take `content` as a file called `name`."""
        ...

    def put_path(self, path: Path) -> File | Directory:
        """Take a user's own file or folder: hashed where it lies, then copied (or reflinked), never moved."""
        ...

    def put_tree(self, tree: Tree) -> Directory:
        """Make the folder whose files are in the store already."""
        ...

    def get_tree(self, directory: Directory) -> Tree:
        """The entries of `directory`; raises StoreCorrupt where it isn't whole."""
        ...

    def open(self, file: File) -> BinaryIO:
        """Read a file's content; raises StoreCorrupt where it isn't there."""
        ...

    def handle(self, artifact: File | Directory) -> str:
        """A short name for `artifact`, which `find` takes."""
        ...

    def find(self, handle: str) -> File | Directory:
        """The artifact that `handle` names; raises InputError."""
        ...

    def export(self, artifact: File | Directory, target: Path) -> None:
        """Write a copy that belongs to the user to `target`, which must not exist yet; atomic."""
        ...


class ResultIndex(Protocol):
    """Results by action key."""

    def lookup(self, keys: Iterable[Digest]) -> Mapping[Digest, Result]:
        """The results that are there, in one batch; a result whose content is gone is no result."""
        ...

    def record(self, key: Digest, result: Result, parts: JsonValue) -> None:
        """Keep `result` under `key`; `parts` is what the key was made of, to explain it later."""
        ...
