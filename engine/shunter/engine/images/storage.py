"""What images need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory, File


class FileStore(Protocol):
    """Where the files of layers go."""

    def put_bytes(self, content: bytes, name: str, *, executable: bool = False) -> File:
        """Take `content` as a file."""
        ...

    def take_file(self, path: Path, name: str, /) -> File:
        """Take a file by rename."""
        ...

    def scratch(self, name: str, /) -> AbstractContextManager[Path]:
        """A folder for work in progress."""
        ...


class ImageStore(FileStore, Protocol):
    """What images need of a store."""

    def put_tree(self, tree: Tree, /) -> Directory:
        """Make a folder whose files are in the store."""
        ...

    def get_tree(self, directory: Directory, /) -> Tree:
        """The entries of a folder; raises StoreCorrupt."""
        ...

    def open(self, file: File, /) -> BinaryIO:
        """Read a file; raises StoreCorrupt."""
        ...

    def lookup(self, keys: Iterable[Digest], /) -> Mapping[Digest, Result]:
        """The results that are there and whole."""
        ...

    def record(self, key: Digest, result: Result, parts: JsonValue, /) -> None:
        """Keep a result."""
        ...

    def key_lock(self, key: Digest, /) -> AbstractAsyncContextManager[None]:
        """Hold the lock of a key."""
        ...
