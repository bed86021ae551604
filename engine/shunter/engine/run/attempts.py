"""The container of one action: started, started again where the trouble may pass, and its answer read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.lasting import ALWAYS, Lasting
from shunter.engine.actions.model import Action, CachePolicy, Mount
from shunter.engine.actions.result import Result
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.run.answer import read_answer
from shunter.engine.run.diagnosis import diagnose
from shunter.engine.run.network import missed_a_host
from shunter.engine.run.redaction import redacted, without_secrets
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.sessions.session import Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a container left, what it was handed by calls, and how far these let its result last."""

    execution: Execution
    given: Sequence[Mount] = ()
    lasting: Lasting = ALWAYS

    def may_be_repeated(self, action: Action) -> bool:
        """Whether it failed for a reason that may pass; what called something with effects is left alone."""
        trouble = self.execution.ending is Ending.NOT_STARTED or missed_a_host(action, self.execution)
        return trouble and self.lasting.policy is not CachePolicy.NEVER

    def answer(self, action: Action, store: ArtifactStore, secrets: Revealed) -> Result | Failure:
        """What `action` gave, or why it gave nothing; neither says a secret."""
        execution = self.execution
        failure = diagnose(action, execution, store)
        value = failure or without_secrets(action, read_answer(action, execution, store, self.given), secrets)
        if isinstance(value, Failure):
            return redacted(value, secrets.redactor)
        logs = execution.stdout, execution.stderr
        return Result(value, *logs, execution.seconds, time.time(), self.lasting)


class Attempts:
    """Starts containers by one executor. `pauses` are the seconds between attempts."""

    def __init__(self, executor: Executor, *, pauses: Sequence[float]) -> None:
        self._executor = executor
        self._pauses = pauses

    async def run(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        session: Callable[[], Session],
        vacated: Callable[[], None],
    ) -> Attempt:
        """The last attempt: what may pass, as a host that isn't there, is waited for.

        `session` opens one, where the action calls functions; `vacated` is as for an executor, which calls it
        in no attempt that is repeated. Raises ImageUnavailable.
        """
        attempt = await self._once(action, prepared, secrets, session, vacated)
        for pause in self._pauses:
            if not attempt.may_be_repeated(action):
                break
            await asyncio.sleep(pause)
            attempt = await self._once(action, prepared, secrets, session, vacated)
        if secrets.redactor:
            return replace(attempt, execution=redacted(attempt.execution, secrets.redactor))
        return attempt

    async def _once(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        session: Callable[[], Session],
        vacated: Callable[[], None],
    ) -> Attempt:
        if action.session is None:
            return Attempt(await self._executor.execute(action, prepared, secrets, vacated=vacated))
        opened = session()
        execution = await self._executor.execute(action, prepared, secrets, opened, vacated=vacated)
        return Attempt(execution, opened.given, opened.lasting)
