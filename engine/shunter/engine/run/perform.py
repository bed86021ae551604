"""One action: from the cache, or run in a container and kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.key import action_key, kept_parts
from shunter.engine.actions.lasting import ALWAYS, Lasting, lasting_of, least
from shunter.engine.actions.model import Action, CachePolicy, Mount, Network
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.egress.record import Asked
from shunter.engine.errors import ImageUnavailable
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.run.answer import read_answer
from shunter.engine.run.calls import Lowering
from shunter.engine.run.diagnosis import diagnose
from shunter.engine.run.events import Observer, PreparationFinished, PreparationStarted
from shunter.engine.run.job import Job, lone_job
from shunter.engine.run.keeping import Keeping
from shunter.engine.run.network import missed_a_host, not_allowed
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.redaction import failure_of, redacted, without_secrets
from shunter.engine.run.reuse import Misses
from shunter.engine.run.slots import Urgency
from shunter.engine.secrets.fingerprint import home_key
from shunter.engine.secrets.keyring import Keyring
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.sessions.limits import STANDARD_NESTING, Nesting
from shunter.engine.store.left import Left
from shunter.engine.store.local import LocalStore
from shunter.engine.store.protocol import ResultIndex
from shunter.engine.values import Directory, File, Secret

if TYPE_CHECKING:
    from shunter.engine.sessions.session import Session


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of an action: a result or a failure, with what was printed."""

    outcome: Outcome
    answer: Result | Failure
    stdout: File | None = None
    stderr: File | None = None
    asked: tuple[Asked, ...] = ()
    left: Left | None = None

    @property
    def bound(self) -> Lasting:
        """How far what was called allows the result to be given again."""
        return self.answer.bound if isinstance(self.answer, Result) else ALWAYS


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What a container left, what it was handed by calls, and how far these let its result last."""

    execution: Execution
    given: Sequence[Mount] = ()
    lasting: Lasting = ALWAYS

    def may_be_repeated(self, action: Action) -> bool:
        """Whether it failed for a reason that may pass; what called something with effects is left alone."""
        trouble = self.execution.ending is Ending.NOT_STARTED or missed_a_host(action, self.execution)
        return trouble and self.lasting.policy is not CachePolicy.NEVER


class Performer:
    """Performs actions with one store and one executor; several may be under way at once.

    `results` are where the answers of steps are looked up and kept, of None the store's own; environments are
    always the store's. `misses` says whether anything may run at all. `hosts` are those that actions may
    reach, whatever they declare; `secrets` reads those that actions are given, of None it gives none.
    `lowering` is for the calls that steps make while they run, as far as `nesting` allows. `pauses` are the
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
        lowering: Lowering | None = None,
        nesting: Nesting = STANDARD_NESTING,
        pauses: Sequence[float] = (0.2, 1.0),
    ) -> None:
        self._results = store if results is None else results
        self._misses = misses
        self._hosts = tuple(hosts)
        self._secrets = secrets or Keyring(lambda: home_key(store.home))
        self._lowering = lowering
        self._nesting = nesting
        self._pauses = pauses
        self._store = store
        self._executor = executor
        self._observer = observer
        self._keeping = Keeping()
        self._refreshed: set[Digest] = set()
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

    async def perform(self, action: Action, key: Digest, job: Job | None = None) -> Performed:
        """Run `action` unless another process just did; equal actions in flight run once.

        A `job` of None is one by itself. Its slot is taken where it isn't held, and is for the caller to
        release.
        """
        return await self._perform(action, key, self._results, job or lone_job())

    def was_refreshed(self, key: Digest) -> bool:
        """Whether `refresh` has seen to it already: once is enough for all who want it anew."""
        return key in self._refreshed

    async def refresh(self, action: Action, key: Digest, job: Job | None = None) -> Performed:
        """Run `action` whatever the cache has, and keep what it gives from now on."""
        own = job or lone_job()
        self._refreshed.add(key)
        if action.cache is CachePolicy.NEVER:
            return await self._run(action, key, self._results, own)
        async with self._locked(key, own):
            return await self._run(action, key, self._results, own)

    async def _perform(self, action: Action, key: Digest, results: ResultIndex, job: Job) -> Performed:
        if action.cache is CachePolicy.NEVER:
            return await self._run(action, key, results, job)
        async with self._locked(key, job):
            hit = results.lookup([key]).get(key)
            if hit is not None and is_fresh(action, hit):
                return _hit(hit)
            return await self._run(action, key, results, job)

    @asynccontextmanager
    async def _locked(self, key: Digest, job: Job) -> AsyncIterator[None]:
        """Hold the lock of `key`, or wait for it as long as `job` has patience, without a slot."""
        async with AsyncExitStack() as stack:
            with suppress(TimeoutError):
                async with asyncio.timeout(job.patience):
                    await stack.enter_async_context(self._store.key_lock(key, job.slot.release))
            yield

    async def _run(self, action: Action, key: Digest, results: ResultIndex, job: Job) -> Performed:
        await job.slot.take(Urgency.IS_WAITED_FOR)
        beyond = self._not_cached(action) or not_allowed(action, self._hosts)
        prepared = await self.prepare(action) if beyond is None else beyond
        if isinstance(prepared, Failure):
            return Performed(Outcome.FAILED, prepared)
        secrets = await self._revealed(action)
        if isinstance(secrets, Failure):
            return Performed(Outcome.FAILED, secrets)
        try:
            attempt = await self._execute(action, prepared, secrets, key, job)
        except ImageUnavailable as error:
            return Performed(Outcome.FAILED, _image_failure(action, error))
        execution = redacted(attempt.execution, secrets.redactor)
        attempt = replace(attempt, execution=execution)
        answer = await asyncio.to_thread(self._answer, action, attempt, secrets)
        if isinstance(answer, Failure):
            left = self._keeping.keep(self._left(action, execution))
            return Performed(
                Outcome.FAILED, answer, execution.stdout, execution.stderr, execution.asked, left
            )
        if CachePolicy.NEVER not in {action.cache, answer.bound.policy}:
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
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        key: Digest,
        job: Job,
    ) -> _Attempt:
        """Trouble that may pass is waited for: a container that doesn't start, a host that isn't there."""
        action = replace(action, limits=replace(action.limits, kept=self._keeping.most))
        for pause in self._pauses:
            attempt = await self._attempt(action, prepared, secrets, key, job)
            if not attempt.may_be_repeated(action):
                return attempt
            await asyncio.sleep(pause)
        return await self._attempt(action, prepared, secrets, key, job)

    async def _attempt(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed,
        key: Digest,
        job: Job,
    ) -> _Attempt:
        if action.session is None:
            return _Attempt(await self._executor.execute(action, prepared, secrets))
        session = self._session(action, secrets, key, job)
        execution = await self._executor.execute(action, prepared, secrets, session)
        return _Attempt(execution, session.given, session.lasting)

    def _session(self, action: Action, secrets: Revealed, key: Digest, job: Job) -> Session:
        from shunter.engine.sessions.nested import NestedCalls
        from shunter.engine.sessions.session import Session

        if self._lowering is None:
            raise ValueError(f"{action.label} calls functions, and nothing here knows how they are started")
        calls = NestedCalls(
            action,
            key,
            job,
            performer=self,
            lowering=self._lowering,
            observer=self._observer,
            nesting=self._nesting,
        )
        return Session(action, calls, self._store, secrets=secrets)

    def _left(self, action: Action, execution: Execution) -> Left | None:
        """What the step left: of one whose result was taken and isn't what it should be, that alone."""
        if execution.left is not None or not execution.out.entries or action.network is Network.HOST:
            return execution.left
        return self._store.left_of(execution.out.inside("out"))

    def _answer(self, action: Action, attempt: _Attempt, secrets: Revealed) -> Result | Failure:
        execution = attempt.execution
        failure = diagnose(action, execution, self._store)
        value = failure or without_secrets(
            action, read_answer(action, execution, self._store, attempt.given), secrets
        )
        if isinstance(value, Failure):
            return redacted(value, secrets.redactor)
        logs = execution.stdout, execution.stderr
        return Result(value, *logs, execution.seconds, time.time(), attempt.lasting)

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
        performed = await self._perform(action, key, self._store, lone_job(action.label))
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
    """Whether a result may still be given again: it, or one that it was made of, may be too old."""
    return least([lasting_of(action, result.created), result.bound]).is_fresh(time.time())


def _image_failure(action: Action, cause: ImageUnavailable) -> Failure:
    message = f"{action.label} has no image to run in: {cause.message}"
    return Failure(FailureKind.ENVIRONMENT, message, hint=cause.hint)


def _environment_failure(action: Action, cause: Failure) -> Failure:
    reason = cause.message.removeprefix(action.label).strip()
    message = f"the {action.label} can't be installed: {reason}"
    hint = cause.hint or "check the module's packages, and that the package index can be reached"
    return replace(cause, kind=FailureKind.ENVIRONMENT, message=message, hint=hint)
