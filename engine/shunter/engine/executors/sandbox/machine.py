"""What this machine gives to all containers of the sandbox's: each part found out once, when needed."""

from __future__ import annotations

import os
import platform
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.sandbox.cgroup import Hierarchy, find_hierarchy
from shunter.engine.executors.sandbox.launcher import bundled_bwrap, readable_bwrap
from shunter.engine.executors.sandbox.launchpad import Launchpad
from shunter.engine.executors.sandbox.root import Root, host_root, image_root, put_frame
from shunter.engine.executors.sandbox.seccomp import filter_for
from shunter.engine.executors.sandbox.watchdog import Watchdog
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.images.images import ImageRoot


class Machine:
    """Where the engine runs as root, steps run as the uid and gid `uid`."""

    def __init__(self, store: ExecutorStore, uid: int) -> None:
        self.owner = uid if os.geteuid() == 0 else None
        self._store = store

    def image_root(self, image: ImageRoot) -> Root:
        """The root of a container in an image."""
        folders = self._store.tree_path(image.directory), self._store.tree_path(self._frame)
        return image_root(*folders, dict(image.variables))

    @cached_property
    def host_root(self) -> Root:
        """The root of a container in no image."""
        return host_root()

    @cached_property
    def bwrap(self) -> Path:
        """The program that makes containers, where the steps' uid can start it."""
        return bundled_bwrap() if self.owner is None else readable_bwrap(self._store.home)

    @cached_property
    def watchdog(self) -> Watchdog:
        """Used on the launchpad alone, so that it has the uid of what it may have to kill."""
        return Watchdog()

    @cached_property
    def launchpad(self) -> Launchpad:
        """The thread on which containers are started."""
        return Launchpad(self.owner)

    @cached_property
    def seccomp(self) -> bytes:
        """The filter of system calls."""
        return filter_for(platform.machine())

    @cached_property
    def hierarchy(self) -> Hierarchy | None:
        """Where control groups can be made."""
        return find_hierarchy()

    @cached_property
    def _frame(self) -> Directory:
        return put_frame(self._store)
