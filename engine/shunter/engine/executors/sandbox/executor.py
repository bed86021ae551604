"""The sandbox executor: every step in a container of its own through bubblewrap."""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.actions.model import Action, Mount, Network
from shunter.engine.digest import Digest
from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.egress.route import Route
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.promises import Finding
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.sandbox.arguments import STDIN_PATH, Invocation, invoke, on_a_terminal
from shunter.engine.executors.sandbox.background import settle, to_the_end
from shunter.engine.executors.sandbox.cgroup import Hierarchy, MemoryGroup, find_hierarchy, make_group
from shunter.engine.executors.sandbox.identity import host_identity
from shunter.engine.executors.sandbox.launcher import bundled_bwrap, readable_bwrap
from shunter.engine.executors.sandbox.launchpad import STEP_UID, Launchpad
from shunter.engine.executors.sandbox.limits import limit_values
from shunter.engine.executors.sandbox.process import Container, Outcome, Started
from shunter.engine.executors.sandbox.report import NO_COMMAND, report
from shunter.engine.executors.sandbox.root import Root, host_root, image_root, put_frame
from shunter.engine.executors.sandbox.seccomp import filter_for
from shunter.engine.executors.sandbox.spawn import let_go, open_log, spawn
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.executors.sandbox.watchdog import Watchdog
from shunter.engine.executors.sandbox.wayout import Opener, WayOut
from shunter.engine.executors.sandbox.workspace import Bind, Workspace, fill, make_workspace, place
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.protocol import FOLDER, StepSession
from shunter.engine.store.home import trouble
from shunter.engine.values import Directory, File

if TYPE_CHECKING:
    from shunter.engine.executors.streams import Connection, Streams
    from shunter.engine.images.images import Images
    from shunter.engine.sessions.door import Door


_FOR_EVER: Final = 10.0 * 365 * 86400
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Step:
    """An action with all that its container takes."""

    action: Action
    root: Root
    space: Workspace
    binds: Sequence[Bind]
    group: MemoryGroup | None
    way_out: WayOut | None
    secrets: Revealed


class SandboxExecutor:
    """Runs actions in containers, on this machine's own system folders or in an image.

    Where the engine runs as root, steps run as the uid and gid `uid`. `route` is how steps' proxies get to
    the hosts; None leaves that to the engine's environment. `docs/design/sandbox.md` has the reasons.
    """

    name = "sandbox"

    def __init__(self, store: SandboxStore, *, uid: int = STEP_UID, route: Route | None = None) -> None:
        self._store = store
        self._given_route = route
        self._uid = uid if os.geteuid() == 0 else None

    def platform(self, image: Image | None) -> Digest:
        """Identity of the host's root file system as steps see it, read once; of an image, its own."""
        return self._identity if image is None else image_platform(image)

    def check(self) -> None:
        """Start one container; raises ExecutorUnavailable, with the remedy as hint, where none starts."""
        from shunter.engine.executors.probe import check

        check(self, self._store)

    def findings(self) -> Sequence[Finding]:
        """What is enforced here and what isn't, as seen from inside of containers; never raises."""
        from shunter.engine.executors.examination import examine
        from shunter.engine.executors.sandbox.notes import notes

        version = None if self._hierarchy is None else self._hierarchy.version
        return examine(self, self._store, notes(self.platform(None), uid=self._uid, groups=version))

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
    ) -> Execution:
        """Run `action` with the `prepared` folders and the files of `secrets` at their container paths.

        Raises ExecutorUnavailable where bubblewrap is missing or can't be started, StoreError where content
        is gone or no space is left, ImageUnavailable where the image can't be had, and ValueError for a path
        that nothing can be mounted at.
        """
        try:
            return await self._execute(action, prepared, secrets, session)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    async def enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        work: Directory | None,
        streams: Streams,
    ) -> int:
        """Run `action` with a person at its streams; raises what `execute` does."""
        from shunter.engine.executors.streams import Way, connected

        if streams.way is Way.TERMINAL:
            action = on_a_terminal(action)
        try:
            with ExitStack() as stack:
                step = await self._made_ready(action, prepared, NOTHING, stack)
                if work is not None:
                    fill(step.space, self._store.tree_path(work), owner=self._uid)
                connection = stack.enter_context(connected(streams, owner=self._uid))
                return await self._attend(step, connection)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    async def _execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        session: StepSession | None,
    ) -> Execution:
        stack = ExitStack()
        try:
            step = await self._made_ready(action, prepared, secrets, stack)
            async with self._door(session, step.space) or nullcontext() as door:
                binds = step.binds if door is None else [*step.binds, Bind(door.folder, FOLDER)]
                outcome = await self._run(replace(step, binds=binds), session)
        except BaseException:
            await to_the_end(stack.close)
            raise

        def collect() -> Execution:
            asked = () if step.way_out is None else step.way_out.proxy.asked
            with stack:
                seen = report(
                    action,
                    step.space,
                    outcome,
                    store=self._store,
                    group=step.group,
                    bwrap=self._bwrap,
                    secrets=secrets,
                )
            return replace(seen, asked=asked)

        return await to_the_end(collect)

    async def _made_ready(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        stack: ExitStack,
    ) -> _Step:
        """All that a container takes; `stack` undoes it."""
        space = make_workspace(stack.enter_context(self._store.scratch("step")), owner=self._uid)
        group = self._memory_group(action, stack)
        mounts = [*action.mounts, *(Mount(path, folder) for path, folder in prepared)]
        binds = place(space, self._store, mounts, action.inline)
        if isinstance(action.command.stdin, File):
            binds = [*binds, Bind(self._store.blob_path(action.command.stdin), STDIN_PATH)]
        way_out = self._way_out(action, stack)
        return _Step(action, await self._root(action.image), space, binds, group, way_out, secrets)

    async def _run(self, step: _Step, session: StepSession | None) -> Outcome:
        invocation = self._invocation(step)
        with invocation.descriptors as descriptors:
            logs = open_log(step.space.stdout, descriptors), open_log(step.space.stderr, descriptors)
            starting = self._start(invocation, invocation.stdin, logs)
            cancelled = await settle(starting)
        container = self._container(step, starting)
        if cancelled is not None:
            container.kill()
        async with step.way_out or nullcontext():
            outcome = await container.wait(Allowance(step.action.limits.seconds, session))
        if cancelled is not None:
            raise cancelled
        return outcome

    async def _attend(self, step: _Step, connection: Connection) -> int:
        """Run with a person; the exit code. Bubblewrap itself tells them why nothing was started."""
        from shunter.engine.executors.streams import Heeding

        invocation = self._invocation(step)
        with invocation.descriptors:
            stdin = connection.theirs[0] if step.action.command.stdin is None else invocation.stdin
            starting = self._start(invocation, stdin, connection.theirs[1:])
            cancelled = await settle(starting)
        container = self._container(step, starting)
        if cancelled is not None:
            container.kill()
        with Heeding(container.kill) as heeding:
            connection.begin(heeding.hang_up)
            async with step.way_out or nullcontext():
                outcome = await container.wait(Allowance(_FOR_EVER))
        if cancelled is not None:
            raise cancelled
        if outcome.problem:
            raise ExecutorUnavailable(outcome.problem)
        return heeding.code or (NO_COMMAND if outcome.exit_code is None else outcome.exit_code)

    def _invocation(self, step: _Step) -> Invocation:
        inside = None if step.way_out is None else step.way_out.inside
        given = step.secrets.files
        return invoke(step.action, step.root, step.space, step.binds, secrets=given, way_out=inside)

    def _container(self, step: _Step, starting: asyncio.Future[Started]) -> Container:
        data = step.action.limits.memory if step.group is None else None
        values = limit_values(step.action.limits, data=data)
        door = None if step.way_out is None else step.way_out.door
        release = partial(self._release, values, step.group, door)
        return Container(self._launchpad.result(starting), release)

    def _start(self, invocation: Invocation, stdin: int, logs: tuple[int, int]) -> asyncio.Future[Started]:
        bwrap = str(self._bwrap)  # found here, by the engine's own user

        def begin() -> Started:
            argv = (bwrap, *self._watchdog.mark, *invocation.argv)
            return spawn(argv, stdin=stdin, logs=logs, inherited=invocation.inherited)

        return self._launchpad.submit(begin)

    def _release(
        self, values: Mapping[int, int], group: MemoryGroup | None, door: int | None, pid: int, gate: int
    ) -> asyncio.Future[None]:
        if group is not None:
            group.add(pid)
        return self._launchpad.submit(let_go, pid, gate, values, self._seccomp, door)

    def _way_out(self, action: Action, stack: ExitStack) -> WayOut | None:
        if action.network is not Network.PROXY:
            return None
        opener = Opener.CONTAINER if action.image is None else Opener.ENGINE
        way_out = WayOut(EgressProxy(action.hosts, self._route), opener)
        stack.callback(way_out.close)
        return way_out

    def _door(self, session: StepSession | None, space: Workspace) -> Door | None:
        if session is None:
            return None
        from shunter.engine.sessions.door import Door

        borrow = partial(self._store.borrow, space.work)
        return Door(session, space.path / "session", owner=self._uid, borrow=borrow)

    def _memory_group(self, action: Action, stack: ExitStack) -> MemoryGroup | None:
        if action.limits.memory is None or self._hierarchy is None:
            return None
        group = make_group(self._hierarchy, secrets.token_hex(8), limit=action.limits.memory)
        stack.callback(group.remove)
        return group

    @cached_property
    def _bwrap(self) -> Path:
        return bundled_bwrap() if self._uid is None else readable_bwrap(self._store.home)

    @cached_property
    def _watchdog(self) -> Watchdog:
        """Used on the launchpad alone, so that it has the uid of what it may have to kill."""
        return Watchdog()

    @cached_property
    def _launchpad(self) -> Launchpad:
        return Launchpad(self._uid)

    @cached_property
    def _route(self) -> Route:
        return self._given_route or Route()

    async def _root(self, image: Image | None) -> Root:
        if image is None:
            return self._host_root
        ready = await self._images.root(image)
        folders = self._store.tree_path(ready.directory), self._store.tree_path(self._frame)
        return image_root(*folders, dict(ready.variables))

    @cached_property
    def _host_root(self) -> Root:
        return host_root()

    @cached_property
    def _frame(self) -> Directory:
        return put_frame(self._store)

    @cached_property
    def _images(self) -> Images:
        from shunter.engine.images.images import Images

        return Images(self._store)

    @cached_property
    def _seccomp(self) -> bytes:
        return filter_for(platform.machine())

    @cached_property
    def _hierarchy(self) -> Hierarchy | None:
        return find_hierarchy()

    @cached_property
    def _identity(self) -> Digest:
        return host_identity()
