"""What the cache doesn't have: run in a container, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action, CachePolicy, Network
from shunter.engine.digest import Digest
from shunter.engine.errors import ImageUnavailable
from shunter.engine.executors.protocol import Execution
from shunter.engine.run.answer import is_read_soon
from shunter.engine.run.attempts import Attempt, Attempts
from shunter.engine.run.job import Job
from shunter.engine.run.keeping import Keeping
from shunter.engine.run.keys import Keys
from shunter.engine.run.network import not_allowed
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.performed import Performed
from shunter.engine.run.preparing import Preparing
from shunter.engine.run.reuse import Misses
from shunter.engine.run.slots import Urgency
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.left import Left
from shunter.engine.store.local import LocalStore
from shunter.engine.store.protocol import ResultIndex

if TYPE_CHECKING:
    from shunter.engine.sessions.session import Session


class Making:
    """Runs actions; `misses` and `hosts` are as those of a `Performer`.

    `session` opens one for an action with these secrets, this key and this job.
    """

    def __init__(
        self,
        store: LocalStore,
        attempts: Attempts,
        preparing: Preparing,
        keys: Keys,
        *,
        session: Callable[[Action, Revealed, Digest, Job], Session],
        misses: Misses,
        hosts: Sequence[str],
    ) -> None:
        self._store = store
        self._attempts = attempts
        self._preparing = preparing
        self._keys = keys
        self._session = session
        self._misses = misses
        self._hosts = hosts
        self._keeping = Keeping()

    async def make(self, action: Action, key: Digest, results: ResultIndex, job: Job) -> Performed:
        """Run `action`, and keep its result in `results` where it may be given again."""
        await job.slot.take(Urgency.IS_WAITED_FOR)
        beyond = self._not_cached(action) or not_allowed(action, self._hosts)
        prepared = await self._preparing.folders(action) if beyond is None else beyond
        if isinstance(prepared, Failure):
            return Performed(Outcome.FAILED, prepared)
        secrets = await self._keys.revealed(action)
        if isinstance(secrets, Failure):
            return Performed(Outcome.FAILED, secrets)
        limited = replace(action, limits=replace(action.limits, kept=self._keeping.most))
        try:
            attempt = await self._attempts.run(
                limited, prepared, secrets, lambda: self._session(limited, secrets, key, job), job.vacated
            )
        except ImageUnavailable as error:
            return Performed(Outcome.FAILED, _image_failure(action, error))
        return await self._finished(action, key, results, attempt, secrets)

    async def _finished(
        self, action: Action, key: Digest, results: ResultIndex, attempt: Attempt, secrets: Revealed
    ) -> Performed:
        execution = attempt.execution
        if is_read_soon(action, execution):
            answer = attempt.answer(action, self._store, secrets)
        else:
            answer = await asyncio.to_thread(attempt.answer, action, self._store, secrets)
        if isinstance(answer, Failure):
            left = self._keeping.keep(self._left(action, execution))
            return Performed(
                Outcome.FAILED, answer, execution.stdout, execution.stderr, execution.asked, left
            )
        if CachePolicy.NEVER not in {action.cache, answer.bound.policy}:
            results.record(key, answer, self._keys.parts(action))
        return Performed(Outcome.EXECUTED, answer, answer.stdout, answer.stderr, execution.asked)

    def _not_cached(self, action: Action) -> Failure | None:
        if self._misses is Misses.RUN:
            return None
        return Failure(
            FailureKind.NOT_CACHED, f"{action.label} isn't in the cache, and this run may not run it"
        )

    def _left(self, action: Action, execution: Execution) -> Left | None:
        """What the step left: of one whose result was taken and isn't what it should be, that alone."""
        if execution.left is not None or not execution.out.entries or action.network is Network.HOST:
            return execution.left
        return self._store.left_of(execution.out.inside("out"))


def _image_failure(action: Action, cause: ImageUnavailable) -> Failure:
    message = f"{action.label} has no image to run in: {cause.message}"
    return Failure(FailureKind.ENVIRONMENT, message, hint=cause.hint)
