"""What executors have in common whose containers get their files out of a store on this machine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from shunter.engine.actions.image import Image
from shunter.engine.actions.model import Action, Network
from shunter.engine.digest import Digest
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.promises import Finding
from shunter.engine.executors.protocol import Execution, unheeded
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.protocol import StepSession
from shunter.engine.store.home import trouble
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.egress.proxy import EgressProxy
    from shunter.engine.egress.route import Route
    from shunter.engine.executors.streams import Streams
    from shunter.engine.images.images import Images


class LocalExecutor(ABC):
    """What an executor takes, the other one does too: a store, images out of it, proxies for steps.

    `route` is how steps' proxies get to the hosts; None leaves that to the engine's environment.
    """

    name: str

    def __init__(self, store: ExecutorStore, route: Route | None) -> None:
        self._store = store
        self._given_route = route

    @abstractmethod
    def platform(self, image: Image | None) -> Digest:
        """Identity of what decides results besides the action."""

    @abstractmethod
    def findings(self) -> Sequence[Finding]:
        """One for each promise; never raises."""

    def check(self) -> None:
        """Start one container; raises ExecutorUnavailable, with the remedy as hint, where none starts."""
        from shunter.engine.executors.probe import check

        check(self, self._store)

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
        *,
        vacated: Callable[[], None] = unheeded,
    ) -> Execution:
        """Run `action` with the `prepared` folders and the files of `secrets` at their container paths.

        Raises ExecutorUnavailable where no container can be made at all, StoreError where content is gone or
        no space is left, ImageUnavailable where the image can't be had, and ValueError for a path that
        nothing can be mounted at.
        """
        try:
            return await self._execute(Task(action, prepared, secrets, session, vacated))
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
        try:
            return await self._enter(Task(action, prepared), work, streams)
        except OSError as error:
            raise trouble(self._store.home, error) from error

    @abstractmethod
    async def _execute(self, task: Task) -> Execution:
        """Run `task` to its end, or to that of its cancellation."""

    @abstractmethod
    async def _enter(self, task: Task, work: Directory | None, streams: Streams) -> int:
        """Run `task` with a person at its streams, `/work` beginning with what is in `work`."""

    def _proxy(self, action: Action) -> EgressProxy | None:
        """What `action` reaches its hosts through, where it declares any."""
        if action.network is not Network.PROXY:
            return None
        from shunter.engine.egress.proxy import EgressProxy

        return EgressProxy(action.hosts, self._route)

    @cached_property
    def _route(self) -> Route:
        from shunter.engine.egress.route import Route

        return self._given_route or Route()

    @cached_property
    def _images(self) -> Images:
        from shunter.engine.images.images import Images

        return Images(self._store)
