"""One step of the sandbox's with all that its container takes, laid ready."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from shunter.engine.actions.model import Action
from shunter.engine.executors.local.diskwatch import size_of
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.local.way import Opener
from shunter.engine.executors.local.workspace import Bind, Workspace, make_workspace, place
from shunter.engine.executors.sandbox.arguments import STDIN_PATH
from shunter.engine.executors.sandbox.cgroup import Hierarchy, MemoryGroup, make_group
from shunter.engine.executors.sandbox.root import Root
from shunter.engine.executors.sandbox.unnamed import unnamed_size
from shunter.engine.executors.sandbox.wayout import WayOut
from shunter.engine.sessions.protocol import FOLDER
from shunter.engine.values import File

if TYPE_CHECKING:
    from shunter.engine.egress.proxy import EgressProxy
    from shunter.engine.sessions.door import Door


@dataclass(frozen=True, slots=True)
class Step:
    """A task with its root, its folder on this machine, and what is bound into it besides."""

    task: Task
    root: Root
    space: Workspace
    binds: Sequence[Bind]
    group: MemoryGroup | None
    way_out: WayOut | None

    async def written(self, init: int | None) -> int:
        """Bytes of all that it has written and not given up; `init` is its container's first process."""
        space = self.space
        size = await size_of(space.work, space.stdout, space.stderr)
        if init is None:
            return size
        device = space.path.stat().st_dev
        return size + await asyncio.to_thread(unnamed_size, init, device)

    def with_door(self, door: Door | None) -> Step:
        """This step with the way to its session, if it has one."""
        return self if door is None else replace(self, binds=[*self.binds, Bind(door.folder, FOLDER)])


def make_step(
    task: Task,
    root: Root,
    store: ExecutorStore,
    stack: ExitStack,
    *,
    owner: int | None,
    hierarchy: Hierarchy | None,
    proxy: EgressProxy | None,
) -> Step:
    """Lay everything ready; `stack` undoes it. Its folder belongs to the uid `owner`.

    Raises ValueError for a path that can't be mounted at, StoreError where content is gone.
    """
    action = task.action
    space = make_workspace(stack.enter_context(store.scratch("step")), owner=owner)
    group = _memory_group(action, hierarchy, stack)
    binds = place(space, store, task.mounts, action.inline)
    if isinstance(action.command.stdin, File):
        binds = [*binds, Bind(store.blob_path(action.command.stdin), STDIN_PATH)]
    return Step(task, root, space, binds, group, _way_out(action, proxy, stack))


def make_door(step: Step, store: ExecutorStore, *, owner: int | None) -> Door | None:
    """The way from the container to its session, if it has one."""
    if step.task.session is None:
        return None
    from shunter.engine.sessions.door import Door

    borrow = partial(store.borrow, step.space.work)
    return Door(step.task.session, step.space.path / "session", owner=owner, borrow=borrow)


def _memory_group(action: Action, hierarchy: Hierarchy | None, stack: ExitStack) -> MemoryGroup | None:
    if action.limits.memory is None or hierarchy is None:
        return None
    group = make_group(hierarchy, secrets.token_hex(8), limit=action.limits.memory)
    stack.callback(group.remove)
    return group


def _way_out(action: Action, proxy: EgressProxy | None, stack: ExitStack) -> WayOut | None:
    if proxy is None:
        return None
    way_out = WayOut(proxy, Opener.CONTAINER if action.image is None else Opener.ENGINE)
    stack.callback(way_out.close)
    return way_out
