"""The environments that actions need: made once for all that wait for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.run.events import Observer, PreparationFinished, PreparationStarted
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.performed import Performed, cache_hit
from shunter.engine.store.protocol import ResultIndex
from shunter.engine.values import Directory


class Preparing:
    """Looks environments up in `results`; `perform` makes one that isn't there, `key` gives keys."""

    def __init__(
        self,
        results: ResultIndex,
        observer: Observer,
        *,
        key: Callable[[Action], Digest],
        perform: Callable[[Action, Digest], Awaitable[Performed]],
    ) -> None:
        self._results = results
        self._observer = observer
        self._key = key
        self._perform = perform
        self._locks: dict[Digest, asyncio.Lock] = {}
        self._failed: dict[Digest, Failure] = {}

    async def folders(self, action: Action) -> Sequence[tuple[str, Directory]] | Failure:
        """The folders that `action` needs, by their container paths: built where they aren't there."""
        folders: list[tuple[str, Directory]] = []
        for preparation in action.prepared:
            made = await self._folder(preparation.action)
            if isinstance(made, Failure):
                return made
            folders.append((preparation.path, made))
        return folders

    async def _folder(self, action: Action) -> Directory | Failure:
        """Made once for all steps that wait for it; one that failed isn't tried again in this run."""
        key = self._key(action)
        async with self._locks.setdefault(key, asyncio.Lock()):
            if key in self._failed:
                return self._failed[key]
            hit = self._results.lookup([key]).get(key)
            performed = cache_hit(hit) if hit is not None else await self._build(action, key)
        if isinstance(performed.answer, Failure):
            return self._failed.setdefault(key, _environment_failure(action, performed.answer))
        assert isinstance(performed.answer.value, Directory)
        return performed.answer.value

    async def _build(self, action: Action, key: Digest) -> Performed:
        began = time.monotonic()
        self._observer.notify(PreparationStarted(action.label))
        performed = await self._perform(action, key)
        value = performed.answer.value if isinstance(performed.answer, Result) else None
        built = key if performed.outcome is Outcome.EXECUTED else None
        succeeded, seconds = isinstance(performed.answer, Result), time.monotonic() - began
        self._observer.notify(PreparationFinished(action.label, seconds, succeeded, built, value))
        return performed


def _environment_failure(action: Action, cause: Failure) -> Failure:
    reason = cause.message.removeprefix(action.label).strip()
    message = f"the {action.label} can't be installed: {reason}"
    hint = cause.hint or "check the module's packages, and that the package index can be reached"
    return replace(cause, kind=FailureKind.ENVIRONMENT, message=message, hint=hint)
