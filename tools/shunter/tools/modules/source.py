"""A module's source as an artifact: what is mounted, and what its identity is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, tree_of
from shunter.engine.values import Directory, File
from shunter.tools.errors import ModuleError

_LEFT_OUT = frozenset({"__pycache__", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"})


def source_artifact(folder: Path, store: ArtifactStore, *, prefix: str = "") -> Directory:
    """The folder's files, without what tools leave behind, below `prefix` (which ends with a slash)."""
    entries: dict[str, Entry] = {}
    for relative, path in source_files(folder):
        taken = store.put_path(path)
        if not isinstance(taken, File):
            raise ModuleError(f"{path} is no regular file", hint="a module holds files and folders only")
        name = prefix + relative
        for parent in list(Path(name).parents)[-2::-1]:
            entries.setdefault(parent.as_posix(), FolderEntry())
        entries[name] = FileEntry(taken.digest, taken.size, taken.executable)
    return store.put_tree(tree_of(entries.items()))


def source_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files that `source_artifact` takes, with their relative paths; raises ModuleError."""
    for where, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in folders:
            path = Path(where) / name
            if path.is_symlink():
                raise ModuleError(f"{path} is a symlink to a folder", hint="put the folder itself there")
        for name in sorted(names):
            if name not in _LEFT_OUT and not name.endswith((".pyc", ".swp", "~")):
                path = Path(where) / name
                yield path.relative_to(folder).as_posix(), path


def _refuse(error: OSError) -> None:
    raise ModuleError(f"can't read {error.filename}, a part of a module: {error.strerror}")
