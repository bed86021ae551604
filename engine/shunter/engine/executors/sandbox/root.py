"""The root that a step gets: the host's system folders, or an image.

Over the image lies a frame: a folder with all that containers have in common, from the mount points to
/etc/passwd. Where the image has something else in such a place (/tmp as a folder of its own, /proc as a
symlink) the frame hides it, so that nothing is mounted anywhere but where it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.sandbox.hostroot import MADE, SHARED_MEMORY, root_arguments
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, tree_of
from shunter.engine.values import Directory

_FOLDERS: Final = ("dev", "etc", "in", "proc", "run", "work")
_LINKS: Final = {"out": "work/out", "tmp": "work/tmp"}
_EMPTY: Final = "/etc/resolv.conf"
_MADE_AT: Final = "/run"
"""Where mount points are made: as a part of the image it would belong to nobody whom the container knows."""


@dataclass(frozen=True, slots=True)
class Root:
    """Bubblewrap's arguments that make a root, the files still to be written in it, and its own variables.

    `closed` are the file systems that are made read-only when all is in its place.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    closed: tuple[str, ...] = ("/",)


def host_root() -> Root:
    """The host's system folders."""
    return Root(root_arguments(), MADE)


def image_root(image: Path, frame: Path, variables: Mapping[str, str]) -> Root:
    """The folder `image` below `frame`; what a step would write there lives in memory, and ends with it.

    Only mount points are: the root is made read-only before anything of the step runs.
    """
    arguments = ["--overlay-src", str(image), "--overlay-src", str(frame), "--tmp-overlay", "/"]
    arguments += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]
    arguments += ["--dev", "/dev", "--remount-ro", "/dev"]
    arguments += ["--perms", "1777", "--size", str(SHARED_MEMORY), "--tmpfs", "/dev/shm"]
    arguments += ["--perms", "0755", "--tmpfs", _MADE_AT]
    return Root(tuple(arguments), {}, variables, (_MADE_AT, "/"))


def put_frame(store: ExecutorStore) -> Directory:
    """The frame, in `store`."""
    entries: dict[str, Entry] = {name: FolderEntry() for name in _FOLDERS}
    entries |= {name: LinkEntry(target) for name, target in _LINKS.items()}
    for path, content in {**MADE, _EMPTY: b""}.items():
        file = store.put_bytes(content, "file")
        entries[path.lstrip("/")] = FileEntry(file.digest, file.size)
    return store.put_tree(tree_of(entries.items()))
