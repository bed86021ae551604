"""The results of calls where the container that made them sees them: hard links to the store's files.

The container sees the folder read-only, as it does its inputs. No byte is copied.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from shunter.engine.actions.model import Mount
from shunter.engine.actions.placing import data_at, mounts_of
from shunter.engine.digest import JsonValue
from shunter.engine.executors.local.linking import link, make_open
from shunter.engine.sessions.protocol import FOLDER, SHELF
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory, Value


class Shelf:
    """Results by the number of their call; `mounts` are the artifacts that lie there."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self.mounts: list[Mount] = []

    def put(self, folder: Path, number: int, value: Value) -> JsonValue:
        """Lay the artifacts of `value` into `folder`, and say where the container finds them; blocks."""
        place = f"{FOLDER}/{SHELF}/{number}"
        mounts = list(mounts_of(value, place))
        for mount in mounts:
            self._lay(mount, folder / mount.path.removeprefix(f"{FOLDER}/{SHELF}/"), folder)
        self.mounts += mounts
        return data_at(value, place)

    def _lay(self, mount: Mount, target: Path, folder: Path) -> None:
        make_open(target.parent, below=folder)
        if isinstance(mount.artifact, Directory):
            tree = self._store.tree_path(mount.artifact)
            shutil.copytree(tree, target, symlinks=True, copy_function=link)
        else:
            link(self._store.blob_path(mount.artifact), target)
