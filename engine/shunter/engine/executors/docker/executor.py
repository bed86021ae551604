"""The Docker executor: every step in a container of its own, made by a Docker daemon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.actions.model import Action, Network
from shunter.engine.digest import Digest
from shunter.engine.errors import ExecutorUnavailable, ShunterError
from shunter.engine.executors.docker.transfer import Transfer
from shunter.engine.executors.local.background import to_the_end
from shunter.engine.executors.local.diskwatch import DiskWatch, size_of
from shunter.engine.executors.local.doom import Doom
from shunter.engine.executors.local.executor import LocalExecutor
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.local.way import Opener
from shunter.engine.executors.local.workspace import Bind, Workspace
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.sessions.protocol import FOLDER, StepSession
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.egress.route import Route
    from shunter.engine.executors.docker.host import Host, Ready
    from shunter.engine.executors.docker.image import Root
    from shunter.engine.executors.docker.step import Step
    from shunter.engine.executors.docker.threads import Threads
    from shunter.engine.executors.streams import Streams
    from shunter.engine.sessions.door import Door

NO_WAY_OUT: Final = (
    "it declares hosts, and a container of a Docker daemon on another machine has no way to them: "
    "use a daemon of this machine, or `--executor sandbox`"
)

NO_SESSION: Final = (
    "it calls functions, and a container of a Docker daemon on another machine has no way to this engine: "
    "use a daemon of this machine, or `--executor sandbox`"
)


class DockerExecutor(LocalExecutor):
    """Runs actions in containers of a Docker daemon; see `docs/design/docker.md`.

    The daemon is the one that the docker command would use. `route` is how steps' proxies get to the hosts;
    None leaves that to the engine's environment. `notice` takes a sentence where something takes long.
    """

    name = "docker"

    def __init__(
        self,
        store: ExecutorStore,
        *,
        route: Route | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(store, route)
        self._notice = notice or (lambda _: None)

    def platform(self, image: Image | None) -> Digest:
        """Identity of the base image, which is made where it is missing, or of `image` itself.

        Raises ExecutorUnavailable.
        """
        return self._host.identity() if image is None else image_platform(image)

    def findings(self) -> Sequence[Finding]:
        """What is enforced here and what isn't, as seen from inside of containers; never raises."""
        from shunter.engine.executors.docker.notes import notes
        from shunter.engine.executors.examination import examine

        try:
            host = self._host
            ready, identity = host.ready(host.own_root()), self.platform(None)
        except ShunterError as error:
            return [Finding(Promise.CONTAINERS, Enforced.NO, error.message, error.hint)]
        known = notes(host.facts, ready.transfers, identity, address=host.address)
        return examine(self, self._store, known)

    async def _execute(self, task: Task) -> Execution:
        root, ready = await self._prepared(task.action)
        why_not = _why_not(task, ready)
        if why_not is not None:
            return Execution(Ending.NOT_STARTED, None, Tree(()), None, None, 0.0, why_not)
        scratch = self._store.scratch("step")
        folder = scratch.__enter__()
        try:
            step = await self._step(task, root, ready, folder)
            door = self._door(task.session, step, folder)
            most = task.action.limits.disk
            watch = DiskWatch(lambda: self._written(step, folder), most, lambda: self._end(step))
            async with step.way_out or nullcontext(), door or nullcontext(), watch:
                step.session = None if door is None else Bind(door.folder, FOLDER)
                vacated = partial(asyncio.get_running_loop().call_soon_threadsafe, task.vacated)
                execution = await self._threads.until(lambda: step.run(folder, vacated), step.kill)
            asked = () if step.way_out is None else step.way_out.proxy.asked
            return replace(execution, asked=asked)
        finally:
            await to_the_end(lambda: scratch.__exit__(None, None, None))

    async def _written(self, step: Step, folder: Path) -> int:
        """Bytes of all that a step has written so far and not removed."""
        below = await asyncio.wrap_future(self._threads.submit(step.size))
        space = Workspace(folder)
        return below + await size_of(space.work, space.stdout, space.stderr)

    def _end(self, step: Step) -> None:
        self._threads.submit(lambda: step.kill(Doom.WROTE_TOO_MUCH))

    async def _enter(self, task: Task, work: Directory | None, streams: Streams) -> int:
        from shunter.engine.executors.docker.visit import Visit
        from shunter.engine.executors.streams import Heeding, connected

        root, ready = await self._prepared(task.action)
        why_not = _why_not(task, ready)
        if why_not is not None:
            raise ExecutorUnavailable(f"{task.action.label} can't be run: {why_not}")
        with ExitStack() as stack:
            folder = stack.enter_context(self._store.scratch("step"))
            step = await self._step(task, root, ready, folder)
            resizing: list[Callable[[], None]] = []

            def resized() -> None:
                for resize in resizing:
                    self._threads.submit(resize)

            def kill() -> None:
                self._threads.submit(step.kill)

            connection = stack.enter_context(connected(streams, resized=resized))
            visit = stack.enter_context(Visit(streams.way, connection, step.kill))
            resizing.append(visit.resized)
            with Heeding(kill) as heeding:
                connection.begin(heeding.hang_up)
                async with step.way_out or nullcontext():
                    code = await self._threads.until(lambda: step.visit(folder, visit, work), step.kill)
            return heeding.code or code

    async def _prepared(self, action: Action) -> tuple[Root, Ready]:
        """What the container of `action` is made of, and the daemon, looked at."""
        host = self._host
        if action.image is None:
            root = await to_the_end(host.own_root)
        else:
            unpacked = await self._images.root(action.image)
            root = await to_the_end(lambda: host.root_of(unpacked))
        return root, await to_the_end(lambda: host.ready(root))

    async def _step(self, task: Task, root: Root, ready: Ready, folder: Path) -> Step:
        from shunter.engine.executors.docker.doorkeeper import DoorKeeper
        from shunter.engine.executors.docker.step import Step
        from shunter.engine.executors.docker.wayout import WayOut

        proxy, store = self._proxy(task.action), self._store
        way_out = None if proxy is None else WayOut(proxy, folder, root.opener)
        keeper = None
        if way_out is not None and root.opener is Opener.ENGINE:
            own = await to_the_end(self._host.own_root)
            keeper = DoorKeeper(ready, own.image, way_out)
        return Step(task, ready=ready, root=root, store=store, way_out=way_out, keeper=keeper)

    def _door(self, session: StepSession | None, step: Step, folder: Path) -> Door | None:
        """The session's folder, in one that no other user of this machine can enter."""
        from shunter.engine.sessions.door import Door, Lock

        if session is None:
            return None
        outer = folder / "session"
        outer.mkdir(0o700)
        return Door(session, outer / "in", owner=None, borrow=step.borrow, lock=Lock.FOLDER)

    @cached_property
    def _threads(self) -> Threads:
        from shunter.engine.executors.docker.threads import Threads

        return Threads()

    @cached_property
    def _host(self) -> Host:
        from shunter.engine.executors.docker.host import Host

        return Host(self._store, self._notice)


def _why_not(task: Task, ready: Ready) -> str | None:
    """Why a daemon that doesn't see our files can't run `task`."""
    if ready.transfers.inputs is Transfer.BIND:
        return None
    if task.action.network is Network.PROXY:
        return NO_WAY_OUT
    return None if task.session is None else NO_SESSION
