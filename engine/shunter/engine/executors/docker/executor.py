"""The Docker executor: every step in a container of its own, made by a Docker daemon."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shunter.engine.actions.model import Action, Network
from shunter.engine.digest import Digest
from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.egress.route import Route
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.protocol import Execution, Finding
from shunter.engine.executors.sandbox.background import settle, to_the_end
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.store.home import trouble
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.executors.docker.daemon import Daemon, Facts, Image
    from shunter.engine.executors.docker.leftovers import Owner
    from shunter.engine.executors.docker.sight import Transfers
    from shunter.engine.executors.docker.step import Ready, Step
    from shunter.engine.executors.docker.wayout import WayOut

_THREADS: Final = 256
"""Each step that runs has one, and one more while it is killed."""


class DockerExecutor:
    """Runs actions in containers of a Docker daemon; see `docs/design/docker.md`.

    The daemon is the one that the docker command would use. `route` is how steps' proxies get to the hosts; None
    leaves that to the engine's environment. `notice` takes a sentence where something takes long for once.
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

    def platform(self) -> Digest:
        """Identity of the image; makes it where it is missing. Raises ExecutorUnavailable."""
        from shunter.engine.executors.docker.image import image_identity

        with self._lock:
            return image_identity(self._image)

    def check(self) -> None:
        """Start one container; raises ExecutorUnavailable, with the remedy as hint, where none starts."""
        from shunter.engine.executors.sandbox.probe import check

        check(self, self._store)

    def findings(self) -> Sequence[Finding]:
        """What is enforced here and what isn't, as seen from inside a container; never raises."""
        from shunter.engine.executors.docker.findings import findings

        return findings(self, self._store)

    async def execute(self, action: Action, prepared: Sequence[tuple[str, Directory]]) -> Execution:
        """Run `action` with the `prepared` folders at their container paths.

        Raises ExecutorUnavailable where no daemon answers or it makes no containers, StoreError where content
        is gone or no space is left, ValueError for a path that nothing can be mounted at.
        """
        try:
            return await self._execute(action, prepared)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    async def _execute(self, action: Action, prepared: Sequence[tuple[str, Directory]]) -> Execution:
        from shunter.engine.executors.docker.step import Step

        ready = await to_the_end(lambda: self.ready)
        scratch = self._store.scratch("step")
        folder = scratch.__enter__()
        try:
            way_out = self._way_out(action, ready, folder)
            async with way_out or nullcontext():
                step = Step(action, prepared, ready=ready, store=self._store, way_out=way_out)
                execution = await self._to_its_end(step, folder)
            asked = () if way_out is None else way_out.proxy.asked
            return replace(execution, asked=asked)
        finally:
            await to_the_end(lambda: scratch.__exit__(None, None, None))

    async def _to_its_end(self, step: Step, folder: Path) -> Execution:
        running = asyncio.wrap_future(self._threads.submit(step.run, folder))
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

    def _way_out(self, action: Action, ready: Ready, folder: Path) -> WayOut | None:
        from shunter.engine.executors.docker.sight import Transfer
        from shunter.engine.executors.docker.wayout import WayOut

        if action.network is not Network.PROXY:
            return None
        if ready.transfers.inputs is Transfer.ARCHIVE:
            raise ExecutorUnavailable(
                f"{action.label} declares hosts ({', '.join(action.hosts)}), and the Docker daemon is on another "
                "machine: a step's way to its hosts ends at the engine",
                hint="run it with `--executor sandbox`, or with a Docker daemon of this machine",
            )
        return WayOut(EgressProxy(action.hosts, self._route), folder)

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_THREADS, "docker")

    @cached_property
    def _route(self) -> Route:
        return self._given_route or Route()

    @property
    def ready(self) -> Ready:
        """The daemon, looked at once, with this engine's leftovers of earlier ones removed."""
        with self._lock:
            return self._ready

    @cached_property
    def _ready(self) -> Ready:
        from shunter.engine.executors.docker.step import Ready

        self._owner.sweep(self._daemon)
        return Ready(self._daemon, self._image, self._transfers, self._owner.labels, self._folder)

    @cached_property
    def _owner(self) -> Owner:
        from shunter.engine.executors.docker.leftovers import Owner

        return Owner(self._folder)

    @cached_property
    def _transfers(self) -> Transfers:
        from shunter.engine.executors.docker.sight import transfers

        return transfers(self._daemon, self.facts, self._image.id, self._folder)

    @cached_property
    def _image(self) -> Image:
        """The image that actions run in."""
        from shunter.engine.executors.docker.image import choose_image

        return choose_image(self._daemon, self.facts, self._notice, self._folder)

    @cached_property
    def facts(self) -> Facts:
        """What the daemon says of itself."""
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
