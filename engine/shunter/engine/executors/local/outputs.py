"""What a container has left in a step's folder on this machine, taken into the store."""

from __future__ import annotations

import stat
from pathlib import Path

from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.workspace import Workspace
from shunter.engine.secrets.leaks import leak_of, scrub
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree


class Leaked(Exception):
    """A secret is in what a step returns; says where."""


def take_outputs(space: Workspace, store: ExecutorStore, secrets: Revealed) -> Tree:
    """What is in /out; raises UnsafeOutput, and Leaked where one of `secrets` is in there."""
    try:
        mode = space.out.lstat().st_mode
    except FileNotFoundError:
        return Tree(())
    if not stat.S_ISDIR(mode):
        raise UnsafeOutput("/out was replaced by something that isn't a folder")
    return take_folder(space.out, store, secrets)


def take_folder(folder: Path, store: ExecutorStore, secrets: Revealed) -> Tree:
    """What is in a `folder` that is or was /out; raises what `take_outputs` does."""
    leak = leak_of(folder, secrets)
    if leak is not None:
        raise Leaked(f"/out/{leak}")
    return store.take_folder(folder)


def take_left(folder: Path, store: ExecutorStore, secrets: Revealed, *, most: int, taken: Tree) -> Left:
    """What is in /work without secrets, `most` bytes of it, but for what was `taken` of it already."""
    scrub(folder, secrets.redactor)
    return store.take_left(folder, most=most, taken=taken)
