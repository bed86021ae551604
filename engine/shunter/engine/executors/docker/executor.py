"""The Docker executor: every step in a container of its own, made by a Docker daemon."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.actions.model import Action, Network
from shunter.engine.digest import Digest
from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.egress.route import Route
from shunter.engine.errors import ExecutorUnavailable, ShunterError
from shunter.engine.executors.docker.transfer import Transfer
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.sandbox.background import settle, to_the_end
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.executors.sandbox.workspace import Bind
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.protocol import FOLDER, StepSession
from shunter.engine.store.home import trouble
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.executors.docker.daemon import Daemon, DaemonImage, Facts
    from shunter.engine.executors.docker.image import Root
    from shunter.engine.executors.docker.step import Ready, Step
    from shunter.engine.executors.docker.wayout import WayOut
    from shunter.engine.executors.streams import Streams
    from shunter.engine.images.images import ImageRoot, Images
    from shunter.engine.sessions.door import Door

T = TypeVar("T")

NO_WAY_OUT: Final = (
    "it declares hosts, and a container of a Docker daemon on another machine has no way to them: "
    "use a daemon of this machine, or `--executor sandbox`"
)

NO_SESSION: Final = (
    "it calls functions, and a container of a Docker daemon on another machine has no way to this engine: "
    "use a daemon of this machine, or `--executor sandbox`"
)

_THREADS: Final = 256
"""Each step that runs has one, and one more while it is killed."""


class DockerExecutor:
    """Runs actions in containers of a Docker daemon; see `docs/design/docker.md`.

    The daemon is the one that the docker command would use. `route` is how steps' proxies get to the hosts;
    None leaves that to the engine's environment. `notice` takes a sentence where something takes long.
    """

    name = "docker"

    def __init__(
        self,
        store: SandboxStore,
        *,
        route: Route | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._given_route = route
        self._notice = notice or (lambda _: None)
        self._lock = threading.RLock()
        self._looked_at: Ready | None = None

    def platform(self, image: Image | None) -> Digest:
        """Identity of the base image, which is made where it is missing, or of `image` itself.

        Raises ExecutorUnavailable.
        """
        if image is not None:
            return image_platform(image)
        from shunter.engine.executors.docker.image import own_identity

        with self._lock:
            return own_identity(self._own_image)

    def check(self) -> None:
        """Start one container; raises ExecutorUnavailable, with the remedy as hint, where none starts."""
        from shunter.engine.executors.probe import check

        check(self, self._store)

    def findings(self) -> Sequence[Finding]:
        """What is enforced here and what isn't, as seen from inside of containers; never raises."""
        from shunter.engine.executors.docker.notes import notes
        from shunter.engine.executors.examination import examine

        try:
            ready, identity = self._ready(self._own_root()), self.platform(None)
        except ShunterError as error:
            return [Finding(Promise.CONTAINERS, Enforced.NO, error.message, error.hint)]
        known = notes(self._facts, ready.transfers, identity, address=self._daemon.address)
        return examine(self, self._store, known)

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
    ) -> Execution:
        """Run `action` with the `prepared` folders and the files of `secrets` at their container paths.

        Raises ExecutorUnavailable where no daemon answers or it makes no containers, StoreError where content
        is gone or no space is left, ValueError for a path that nothing can be mounted at.
        """
        try:
            return await self._execute(action, prepared, secrets, session)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    async def _execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        session: StepSession | None,
    ) -> Execution:
        from shunter.engine.executors.docker.step import Step

        root = await self._root(action.image)
        ready = await to_the_end(lambda: self._ready(root))
        if action.network is Network.PROXY and ready.transfers.inputs is not Transfer.BIND:
            return Execution(Ending.NOT_STARTED, None, Tree(()), None, None, 0.0, NO_WAY_OUT)
        if session is not None and ready.transfers.inputs is not Transfer.BIND:
            return Execution(Ending.NOT_STARTED, None, Tree(()), None, None, 0.0, NO_SESSION)
        scratch = self._store.scratch("step")
        folder = scratch.__enter__()
        try:
            way_out = self._way_out(action, folder)
            step = Step(
                action,
                prepared,
                ready=ready,
                root=root,
                store=self._store,
                way_out=way_out,
                secrets=secrets,
            )
            async with way_out or nullcontext(), self._door(session, step, folder) or nullcontext() as door:
                step.session = None if door is None else Bind(door.folder, FOLDER)
                step.waits = session
                execution = await self._to_its_end(step, folder)
            asked = () if way_out is None else way_out.proxy.asked
            return replace(execution, asked=asked)
        finally:
            await to_the_end(lambda: scratch.__exit__(None, None, None))

    async def enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        work: Directory | None,
        streams: Streams,
    ) -> int:
        """Run `action` with a person at its streams; raises what `execute` does."""
        try:
            return await self._enter(action, prepared, work, streams)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    async def _enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        work: Directory | None,
        streams: Streams,
    ) -> int:
        from shunter.engine.executors.docker.step import Step
        from shunter.engine.executors.docker.visit import Visit
        from shunter.engine.executors.streams import Heeding, connected

        root = await self._root(action.image)
        ready = await to_the_end(lambda: self._ready(root))
        if action.network is Network.PROXY and ready.transfers.inputs is not Transfer.BIND:
            raise ExecutorUnavailable(f"{action.label} can't be run: {NO_WAY_OUT}")
        with ExitStack() as stack:
            folder = stack.enter_context(self._store.scratch("step"))
            way_out = self._way_out(action, folder)
            step = Step(action, prepared, ready=ready, root=root, store=self._store, way_out=way_out)
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
                async with way_out or nullcontext():
                    code = await self._until(step, self._threads.submit(step.visit, folder, visit, work))
            return heeding.code or code

    async def _root(self, image: Image | None) -> Root:
        """What the container of an action that names `image` is made of."""
        if image is None:
            return await to_the_end(self._own_root)
        unpacked = await self._images.root(image)
        return await to_the_end(lambda: self._imported(unpacked))

    def _own_root(self) -> Root:
        from shunter.engine.executors.docker.image import Root

        with self._lock:
            return Root(self._own_image.id)

    def _imported(self, unpacked: ImageRoot) -> Root:
        from shunter.engine.executors.docker.image import Root, image_of_folder

        folder, digest = self._store.tree_path(unpacked.directory), unpacked.directory.digest
        with self._lock:
            image = image_of_folder(self._daemon, folder, digest, self._folder)
        return Root(image, dict(unpacked.variables))

    async def _to_its_end(self, step: Step, folder: Path) -> Execution:
        return await self._until(step, self._threads.submit(step.run, folder))

    async def _until(self, step: Step, work: Future[T]) -> T:
        """The result of `work`; being cancelled kills the step first."""
        running = asyncio.wrap_future(work)
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            killing = asyncio.wrap_future(self._threads.submit(step.kill))
            await settle(killing)
            await settle(running)
            for done in (killing, running):
                done.exception()  # so that nobody misses it
            raise error
        return running.result()

    def _way_out(self, action: Action, folder: Path) -> WayOut | None:
        from shunter.engine.executors.docker.wayout import WayOut

        if action.network is not Network.PROXY:
            return None
        return WayOut(EgressProxy(action.hosts, self._route), folder)

    def _door(self, session: StepSession | None, step: Step, folder: Path) -> Door | None:
        """The session's folder, in one that no other user of this machine can enter."""
        from shunter.engine.sessions.door import Door, Lock

        if session is None:
            return None
        outer = folder / "session"
        outer.mkdir(0o700)
        return Door(session, outer / "in", owner=None, borrow=step.borrow, lock=Lock.FOLDER)

    def _ready(self, root: Root) -> Ready:
        """The daemon, looked at once with any `root` that it has, when what dead engines left is removed."""
        with self._lock:
            if self._looked_at is None:
                self._looked_at = self._look(root)
            return self._looked_at

    def _look(self, root: Root) -> Ready:
        from shunter.engine.executors.docker.leftovers import Owner
        from shunter.engine.executors.docker.sight import transfers
        from shunter.engine.executors.docker.step import Ready

        owner = Owner(self._folder)
        owner.sweep(self._daemon)
        allowed = transfers(self._daemon, self._facts, root.image, self._folder)
        return Ready(self._daemon, allowed, owner.labels, self._folder)

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_THREADS, "docker")

    @cached_property
    def _route(self) -> Route:
        return self._given_route or Route()

    @cached_property
    def _images(self) -> Images:
        from shunter.engine.images.images import Images

        return Images(self._store)

    @cached_property
    def _own_image(self) -> DaemonImage:
        from shunter.engine.executors.docker.image import own_image

        return own_image(self._daemon, self._facts, self._notice, self._folder)

    @cached_property
    def _facts(self) -> Facts:
        return self._daemon.facts()

    @cached_property
    def _folder(self) -> Path:
        folder = self._store.home / "docker"
        folder.mkdir(mode=0o755, exist_ok=True)
        folder.chmod(0o755)
        return folder

    @cached_property
    def _daemon(self) -> Daemon:
        from shunter.engine.executors.docker.daemon import Daemon
        from shunter.engine.executors.docker.endpoint import find_endpoint

        return Daemon(find_endpoint())
