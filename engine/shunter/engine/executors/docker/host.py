"""A daemon as the executor uses it: what is known of it, found out once, and the images that steps run in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from shunter.engine.digest import Digest
from shunter.engine.executors.docker.daemon import Daemon, DaemonImage, Facts
from shunter.engine.executors.docker.endpoint import find_endpoint
from shunter.engine.executors.docker.image import Root, image_of_folder, own_identity, own_image
from shunter.engine.executors.docker.leftovers import Owner
from shunter.engine.executors.docker.sight import transfers
from shunter.engine.executors.docker.transfer import Transfers
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.way import Opener
from shunter.engine.images.images import ImageRoot

_PYTHON: Final = "usr/bin/python3"  # no symlink of an unpacked image leads out of it


@dataclass(frozen=True, slots=True)
class Ready:
    """A daemon that steps can be run on, with what they have in common; `folder` is the executor's own."""

    daemon: Daemon
    transfers: Transfers
    labels: Mapping[str, str]
    folder: Path


class Host:
    """Usable from several threads. All of it blocks, and raises ExecutorUnavailable where no daemon answers.

    `notice` takes a sentence where something takes long.
    """

    def __init__(self, store: ExecutorStore, notice: Callable[[str], None]) -> None:
        self._store = store
        self._notice = notice
        self._lock = threading.RLock()
        self._looked_at: Ready | None = None

    @property
    def address(self) -> str:
        """The daemon's."""
        return self._daemon.address

    @cached_property
    def facts(self) -> Facts:
        """What the daemon says of itself."""
        return self._daemon.facts()

    def identity(self) -> Digest:
        """That of the image for actions which name none; it is made where it is missing."""
        with self._lock:
            return own_identity(self._own_image)

    def own_root(self) -> Root:
        """What the container of an action that names no image is made of."""
        with self._lock:
            return Root(self._own_image.id)

    def root_of(self, unpacked: ImageRoot) -> Root:
        """What the container of an action in an image is made of, which the daemon is given."""
        folder, digest = self._store.tree_path(unpacked.directory), unpacked.directory.digest
        with self._lock:
            image = image_of_folder(self._daemon, folder, digest, self._folder)
        opener = Opener.CONTAINER if (folder / _PYTHON).is_file() else Opener.ENGINE
        return Root(image, dict(unpacked.variables), opener)

    def ready(self, root: Root) -> Ready:
        """The daemon, looked at once with any `root` that it has, when what dead engines left is removed."""
        with self._lock:
            if self._looked_at is None:
                self._looked_at = self._look(root)
            return self._looked_at

    def _look(self, root: Root) -> Ready:
        owner = Owner(self._folder)
        owner.sweep(self._daemon)
        allowed = transfers(self._daemon, self.facts, root.image, self._folder)
        return Ready(self._daemon, allowed, owner.labels, self._folder)

    @cached_property
    def _own_image(self) -> DaemonImage:
        return own_image(self._daemon, self.facts, self._notice, self._folder)

    @cached_property
    def _folder(self) -> Path:
        folder = self._store.home / "docker"
        folder.mkdir(mode=0o755, exist_ok=True)
        folder.chmod(0o755)
        return folder

    @cached_property
    def _daemon(self) -> Daemon:
        return Daemon(find_endpoint())
