"""One action: from the cache, or run in a container and kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.key import action_key, kept_parts
from shunter.engine.actions.model import Action, CachePolicy, Network
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.egress.record import Asked
from shunter.engine.errors import ImageUnavailable
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.run.answer import read_answer
from shunter.engine.run.diagnosis import diagnose
from shunter.engine.run.events import Observer, PreparationFinished, PreparationStarted
from shunter.engine.run.keeping import Keeping
from shunter.engine.run.network import missed_a_host, not_allowed
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.redaction import failure_of, redacted, without_secrets
from shunter.engine.run.reuse import Misses
from shunter.engine.secrets.fingerprint import home_key
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.left import Left
from shunter.engine.store.local import LocalStore
from shunter.engine.store.protocol import ResultIndex
from shunter.engine.values import Directory, File, Secret


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of an action: a result or a failure, with what was printed."""

    outcome: Outcome
    answer: Result | Failure
    stdout: File | None = None
    stderr: File | None = None
    asked: tuple[Asked, ...] = ()
    left: Left | None = None


class Performer:
    """Performs actions with one store and one executor; several may be under way at once.

    `results` are where the answers of steps are looked up and kept, of None the store's own; environments are
    always the store's. `misses` says whether anything may run at all.
    `hosts` are those that actions may reach, whatever they declare; `secrets` reads those
    that actions are given, of None it gives none. `pauses` are the
    seconds between attempts where the trouble is likely to pass.
    """

    def __init__(
        self,
        store: LocalStore,
        executor: Executor,
        observer: Observer,
        *,
        results: ResultIndex | None = None,
        misses: Misses = Misses.RUN,
        hosts: Sequence[str] = (),
        secrets: Keyring | None = None,
        pauses: Sequence[float] = (0.2, 1.0),
    ) -> None:
        self._results = store if results is None else results
        self._misses = misses
        self._hosts = tuple(hosts)
        self._secrets = secrets or Keyring(lambda: home_key(store.home))
        self._pauses = pauses
        self._store = store
        self._executor = executor
        self._observer = observer
        self._keeping = Keeping()
        self._preparing: dict[Digest, asyncio.Lock] = {}
        self._unprepared: dict[Digest, Failure] = {}

    async def read_secrets(self, actions: Iterable[Action]) -> None:
        """Read the secrets that the keys of `actions` are made with; each source is read once."""
        for action in actions:
            if keyed := _keyed(action):
                await self._secrets.read(keyed)

    def unreadable(self, action: Action) -> Failure | None:
        """Why `action`, whose secrets were read, has no key: one of them can't be had."""
        keyed = _keyed(action)
        error = self._secrets.unreadable(keyed) if keyed else None
        return None if error is None else failure_of(action, error)

    def key(self, action: Action) -> Digest:
        """The key of `action` on this executor's platform; its secrets were read before."""
        return action_key(action, self._executor.platform, self._fingerprints(action))

    def _fingerprints(self, action: Action) -> Mapping[Secret, str]:
        return self._secrets.fingerprints(_keyed(action))

    def cached(self, actions: dict[Digest, Action]) -> dict[Digest, Performed]:
        """Those of `actions` (by key) that the cache answers, in one batch."""
        wanted = [key for key, action in actions.items() if action.cache is not CachePolicy.NEVER]
        found = self._results.lookup(wanted)
        return {key: _hit(result) for key, result in found.items() if is_fresh(actions[key], result)}

    async def perform(self, action: Action, key: Digest) -> Performed:
        """Run `action` unless another process just did; equal actions in flight run once."""
        return await self._perform(action, key, self._results)

    async def refresh(self, action: Action, key: Digest) -> Performed:
        """Run `action` whatever the cache has, and keep what it gives from now on."""
        if action.cache is CachePolicy.NEVER:
            return await self._run(action, key, self._results)
        async with self._store.key_lock(key):
            return await self._run(action, key, self._results)

    async def _perform(self, action: Action, key: Digest, results: ResultIndex) -> Performed:
        if action.cache is CachePolicy.NEVER:
            return await self._run(action, key, results)
        async with self._store.key_lock(key):
            hit = results.lookup([key]).get(key)
            if hit is not None and is_fresh(action, hit):
                return _hit(hit)
            return await self._run(action, key, results)

    async def _run(self, action: Action, key: Digest, results: ResultIndex) -> Performed:
        beyond = self._not_cached(action) or not_allowed(action, self._hosts)
        prepared = await self.prepare(action) if beyond is None else beyond
        if isinstance(prepared, Failure):
            return Performed(Outcome.FAILED, prepared)
        secrets = await self._revealed(action)
        if isinstance(secrets, Failure):
            return Performed(Outcome.FAILED, secrets)
        try:
            execution = redacted(await self._execute(action, prepared, secrets), secrets.redactor)
        except ImageUnavailable as error:
            return Performed(Outcome.FAILED, _image_failure(action, error))
        answer = await asyncio.to_thread(self._answer, action, execution, secrets)
        if isinstance(answer, Failure):
            left = self._keeping.keep(self._left(action, execution))
            return Performed(
                Outcome.FAILED, answer, execution.stdout, execution.stderr, execution.asked, left
            )
        if action.cache is not CachePolicy.NEVER:
            parts = kept_parts(action, self._executor.platform, self._fingerprints(action))
            results.record(key, answer, parts)
        return Performed(Outcome.EXECUTED, answer, answer.stdout, answer.stderr, execution.asked)

    async def _revealed(self, action: Action) -> Revealed | Failure:
        """The secrets of `action` by their values, read by now."""
        given = [file.secret for file in action.secrets]
        await self._secrets.read(given)
        error = self._secrets.unreadable(given)
        return self._secrets.revealed(action) if error is None else failure_of(action, error)

    def _not_cached(self, action: Action) -> Failure | None:
        if self._misses is Misses.RUN:
            return None
        return Failure(
            FailureKind.NOT_CACHED, f"{action.label} isn't in the cache, and this run may not run it"
        )

    async def _execute(
        self, action: Action, prepared: Sequence[tuple[str, Directory]], secrets: Revealed
    ) -> Execution:
        """Trouble that may pass is waited for: a container that doesn't start, a host that isn't there."""
        action = replace(action, limits=replace(action.limits, kept=self._keeping.most))
        for pause in self._pauses:
            execution = await self._executor.execute(action, prepared, secrets)
            if not (execution.ending is Ending.NOT_STARTED or missed_a_host(action, execution)):
                return execution
            await asyncio.sleep(pause)
        return await self._executor.execute(action, prepared, secrets)

    def _left(self, action: Action, execution: Execution) -> Left | None:
        """What the step left: of one whose result was taken and isn't what it should be, that alone."""
        if execution.left is not None or not execution.out.entries or action.network is Network.HOST:
            return execution.left
        return self._store.left_of(execution.out.inside("out"))

    def _answer(self, action: Action, execution: Execution, secrets: Revealed) -> Result | Failure:
        failure = diagnose(action, execution, self._store)
        value = failure or without_secrets(action, read_answer(action, execution, self._store), secrets)
        if isinstance(value, Failure):
            return redacted(value, secrets.redactor)
        return Result(value, execution.stdout, execution.stderr, execution.seconds, time.time())

    async def prepare(self, action: Action) -> Sequence[tuple[str, Directory]] | Failure:
        """The folders that `action` needs, by their container paths: built where they aren't there."""
        folders: list[tuple[str, Directory]] = []
        for preparation in action.prepared:
            made = await self._prepared_folder(preparation.action)
            if isinstance(made, Failure):
                return made
            folders.append((preparation.path, made))
        return folders

    async def _prepared_folder(self, action: Action) -> Directory | Failure:
        """Made once for all steps that wait for it; one that failed isn't tried again in this run."""
        key = self.key(action)
        async with self._preparing.setdefault(key, asyncio.Lock()):
            if key in self._unprepared:
                return self._unprepared[key]
            hit = self._store.lookup([key]).get(key)
            performed = _hit(hit) if hit is not None else await self._build(action, key)
        if isinstance(performed.answer, Failure):
            return self._unprepared.setdefault(key, _environment_failure(action, performed.answer))
        assert isinstance(performed.answer.value, Directory)
        return performed.answer.value

    async def _build(self, action: Action, key: Digest) -> Performed:
        began = time.monotonic()
        self._observer.notify(PreparationStarted(action.label))
        performed = await self._perform(action, key, self._store)
        value = performed.answer.value if isinstance(performed.answer, Result) else None
        built = key if performed.outcome is Outcome.EXECUTED else None
        succeeded, seconds = isinstance(performed.answer, Result), time.monotonic() - began
        self._observer.notify(PreparationFinished(action.label, seconds, succeeded, built, value))
        return performed


def _keyed(action: Action) -> list[Secret]:
    """The secrets whose values are a part of the key."""
    return [file.secret for file in action.secrets if file.cache_id is None]


def _hit(result: Result) -> Performed:
    return Performed(Outcome.CACHED, result, result.stdout, result.stderr)


def is_fresh(action: Action, result: Result) -> bool:
    """Whether a result may still be given again: one with a time to live may be too old."""
    return action.cache is not CachePolicy.TTL or time.time() < result.created + (action.ttl or 0.0)


def _image_failure(action: Action, cause: ImageUnavailable) -> Failure:
    message = f"{action.label} has no image to run in: {cause.message}"
    return Failure(FailureKind.ENVIRONMENT, message, hint=cause.hint)


def _environment_failure(action: Action, cause: Failure) -> Failure:
    reason = cause.message.removeprefix(action.label).strip()
    message = f"the {action.label} can't be installed: {reason}"
    hint = cause.hint or "check the module's packages, and that the package index can be reached"
    return replace(cause, kind=FailureKind.ENVIRONMENT, message=message, hint=hint)
