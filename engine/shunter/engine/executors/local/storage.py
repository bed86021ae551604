"""What the sandbox needs of a store: content as paths of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Protocol

from shunter.engine.images.storage import ImageStore
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory, File


class ExecutorStore(ImageStore, Protocol):
    """A store whose content can be bound into a container, and that images can be unpacked into."""

    @property
    def home(self) -> Path:
        """The store's folder; every uid may go through it."""
        ...

    def open(self, file: File, /) -> BinaryIO:
        """Read a file's content; raises StoreCorrupt."""
        ...

    def blob_path(self, file: File, /) -> Path:
        """A read-only file with `file`'s content and executable bit; raises StoreCorrupt."""
        ...

    def tree_path(self, directory: Directory, /) -> Path:
        """A folder of read-only files laid out as `directory` says; raises StoreCorrupt."""
        ...

    def borrow(self, folder: Path, path: str, /) -> File | Directory | None:
        """Take a copy of what a step that runs has at `path` below `folder`; raises UnsafeOutput."""
        ...

    def take_folder(self, path: Path, /) -> Tree:
        """Take a folder that a step wrote, by rename; raises UnsafeOutput where it can't be trusted."""
        ...

    def take_left(self, folder: Path, /, *, most: int, taken: Tree) -> Left:
        """Take what a failed step left in its folder, as far as it can be kept."""
        ...
