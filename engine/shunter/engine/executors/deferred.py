"""An executor that is made when the first container is wanted: to look keys up takes only its platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.executors.promises import Finding
    from shunter.engine.executors.protocol import Execution, Executor
    from shunter.engine.executors.streams import Streams
    from shunter.engine.secrets.revealed import Revealed
    from shunter.engine.sessions.protocol import StepSession


class DeferredExecutor:
    """What `make` gives, which is called once, at need; `identity` is its platform outside of images."""

    def __init__(self, name: str, *, identity: Callable[[], Digest], make: Callable[[], Executor]) -> None:
        self.name = name
        self._identify = identity
        self._make = make

    def platform(self, image: Image | None) -> Digest:
        """The platform of the executor that will be made."""
        return self._identity if image is None else image_platform(image)

    def check(self) -> None:
        """As the executor does."""
        self._executor.check()

    def findings(self) -> Sequence[Finding]:
        """As the executor does."""
        return self._executor.findings()

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed | None = None,
        session: StepSession | None = None,
        *,
        vacated: Callable[[], None] = lambda: None,
    ) -> Execution:
        """As the executor does."""
        if secrets is None:
            return await self._executor.execute(action, prepared, session=session, vacated=vacated)
        return await self._executor.execute(action, prepared, secrets, session, vacated=vacated)

    async def enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        work: Directory | None,
        streams: Streams,
    ) -> int:
        """As the executor does."""
        return await self._executor.enter(action, prepared, work=work, streams=streams)

    @cached_property
    def _identity(self) -> Digest:
        return self._identify()

    @cached_property
    def _executor(self) -> Executor:
        return self._make()
