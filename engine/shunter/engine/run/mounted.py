"""What a container was handed, by its paths: an input that is handed on, or a part of one."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.actions.model import Mount
from shunter.engine.store.parts import artifact_at
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Directory, File


def artifact_below(mounts: Iterable[Mount], path: str, store: ArtifactStore) -> File | Directory | None:
    """The artifact at `path`, or a part of the folder that is mounted above it; no byte is copied.

    Raises UnsafeOutput as `artifact_at` does.
    """
    for mount in mounts:
        if path == mount.path:
            return mount.artifact
        if path.startswith(mount.path + "/") and isinstance(mount.artifact, Directory):
            return artifact_at(store.get_tree(mount.artifact), path[len(mount.path) + 1 :], store)
    return None
