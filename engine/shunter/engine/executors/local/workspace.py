"""A step's scratch folder: what is laid ready for the container, and what it writes.

- `work`: the step's own, at /work; holds `out` and `tmp`
- `stdout` and `stderr`: what it prints
- `in`: hard links to the store's files, read-only at /in; only where there are any
- `inline`: small files that are bound one by one; only where there are any

Each folder counts: to make and remove one takes 0.3 ms on a busy ext4.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from shunter.engine.actions.model import Inline, Mount
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.local.linking import link, make_open
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.sandbox.hostroot import reserved
from shunter.engine.values import Artifact, Directory

_INPUTS = "/in/"

MOST_BINDS = 16
"""Folders below /in that are bound; beyond, their files are linked. Measured: the time for N binds grows with
N², and is 20 ms for 100."""


@dataclass(frozen=True, slots=True)
class Bind:
    """A path of this machine that the container sees, read-only, at `target`."""

    source: Path
    target: str


@dataclass(frozen=True)
class Workspace:
    """One step's scratch folder. Its paths are made once."""

    path: Path

    @cached_property
    def inputs(self) -> Path:
        """What is seen at /in."""
        return self.path / "in"

    @cached_property
    def work(self) -> Path:
        """What is seen at /work."""
        return self.path / "work"

    @cached_property
    def out(self) -> Path:
        """What is seen at /out."""
        return self.work / "out"

    @cached_property
    def tmp(self) -> Path:
        """What is seen at /tmp."""
        return self.work / "tmp"

    @cached_property
    def stdout(self) -> Path:
        """What is printed."""
        return self.path / "stdout"

    @cached_property
    def stderr(self) -> Path:
        """What is printed as an error."""
        return self.path / "stderr"


def make_workspace(path: Path, *, owner: int | None) -> Workspace:
    """Make the folders in the empty folder `path`; the step's own belong to the uid and gid `owner`."""
    space = Workspace(path)
    for folder in (space.work, space.out, space.tmp):
        os.mkdir(folder, 0o755)
        if owner is not None:
            _hand_over(folder, owner)
    return space


def clear(space: Workspace) -> None:
    """Remove what nearly every step leaves, by name; whoever removes the folder finds what is there besides.

    To find all of it takes four times as many system calls.
    """
    for remove, path in (
        (os.unlink, space.stdout),
        (os.unlink, space.stderr),
        (os.rmdir, space.out),
        (os.rmdir, space.tmp),
        (os.rmdir, space.work),
    ):
        with suppress(OSError):
            remove(path)


def fill(space: Workspace, left: Path, *, owner: int | None) -> None:
    """Put a copy of the folder `left` into the step's own one, for the step to change."""
    for own in (space.out, space.tmp):
        if os.path.lexists(left / own.name):
            own.rmdir()
    shutil.copytree(left, space.work, symlinks=True, copy_function=_copy, dirs_exist_ok=True)
    for folder, folders, files in os.walk(space.work):
        if owner is not None:
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), owner, owner, follow_symlinks=False)
        os.chmod(folder, 0o755)


def _copy(source: str, target: str) -> None:
    shutil.copyfile(source, target, follow_symlinks=False)
    if not os.path.islink(target):
        os.chmod(target, 0o755 if os.access(source, os.X_OK) else 0o644)


def _hand_over(folder: Path, owner: int) -> None:
    try:
        os.chown(folder, owner, owner)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EPERM):
            raise
        raise ExecutorUnavailable(
            f"the sandbox runs no step as root, and can't run one as uid {owner} here: "
            "this user namespace hasn't got it",
            hint="run shunter as an ordinary user, or outside of this container",
        ) from error


def place(
    space: Workspace, store: ExecutorStore, mounts: Iterable[Mount], inline: Iterable[Inline]
) -> list[Bind]:
    """Lay everything ready; returns what must be bound besides /work, parents before children.

    Raises ValueError for a path that can't be mounted at, StoreCorrupt where content is gone.
    """
    ordered = sorted(mounts, key=lambda mount: mount.path.split("/"))
    written = tuple(inline)
    if not (ordered or written):
        return []
    folders = {
        mount.path for mount in ordered if isinstance(mount.artifact, Directory) and _below_in(mount.path)
    }
    _check([*(mount.path for mount in ordered), *(file.path for file in written)], folders)
    linked = len(folders) > MOST_BINDS
    binds = [bind for mount in ordered for bind in _place(space, store, mount, linked=linked)]
    binds += [bind for number, file in enumerate(written) for bind in _write(space, file, number)]
    return [Bind(space.inputs, "/in"), *binds] if space.inputs.exists() else binds


def _place(space: Workspace, store: ExecutorStore, mount: Mount, *, linked: bool) -> Iterator[Bind]:
    folder = isinstance(mount.artifact, Directory)
    source = _source(store, mount.artifact)
    if not _below_in(mount.path):
        yield Bind(source, mount.path)
        return
    target = space.inputs / mount.path.removeprefix(_INPUTS)
    make_open(target.parent, below=space.path)
    if not folder:
        link(source, target)
    elif linked:
        shutil.copytree(source, target, symlinks=True, copy_function=link)
    else:
        make_open(target, below=space.path)
        yield Bind(source, mount.path)


def _source(store: ExecutorStore, artifact: Artifact) -> Path:
    return store.tree_path(artifact) if isinstance(artifact, Directory) else store.blob_path(artifact)


def _write(space: Workspace, file: Inline, number: int) -> Iterator[Bind]:
    below_in = _below_in(file.path)
    target = (
        space.inputs / file.path.removeprefix(_INPUTS) if below_in else space.path / "inline" / str(number)
    )
    make_open(target.parent, below=space.path)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as stream:
        stream.write(file.content)
    target.chmod(0o444)
    if not below_in:
        yield Bind(target, file.path)


def _below_in(path: str) -> bool:
    return path.startswith(_INPUTS)


def _check(paths: Sequence[str], folders: set[str]) -> None:
    """Raise ValueError for a path that nothing can be mounted at, or that lies in one of `folders`."""
    for path in paths:
        parts = path.split("/")
        if parts[0] or not all(parts[1:]) or {".", ".."} & set(parts) or "\0" in path or reserved(path):
            raise ValueError(
                f"nothing can be mounted at {path!r}: expected an absolute path of the container's"
            )
        if folders and not folders.isdisjoint(map(str, PurePosixPath(path).parents)):
            raise ValueError(f"nothing can be mounted at {path!r}: it lies in a folder that is mounted")
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise ValueError(f"nothing can be mounted at {twice!r}: something else is mounted there")
