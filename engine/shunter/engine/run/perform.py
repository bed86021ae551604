"""One action: from the cache, or run in a container and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.model import Action, CachePolicy
from shunter.engine.digest import Digest
from shunter.engine.run.calls import Lowering
from shunter.engine.run.events import Observer
from shunter.engine.run.keys import Keys
from shunter.engine.run.performed import Performed, cache_hit, is_fresh
from shunter.engine.run.reuse import Misses
from shunter.engine.store.local import LocalStore
from shunter.engine.store.protocol import ResultIndex
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.executors.protocol import Executor
    from shunter.engine.run.job import Job
    from shunter.engine.run.making import Making
    from shunter.engine.run.preparing import Preparing
    from shunter.engine.secrets.keyring import Keyring
    from shunter.engine.secrets.revealed import Revealed
    from shunter.engine.sessions.limits import Nesting
    from shunter.engine.sessions.session import Session


class Performer:
    """Performs actions with one store and one executor; several may be under way at once.

    `results` are where the answers of steps are looked up and kept, of None the store's own; environments are
    always the store's. `misses` says whether anything may run at all. `hosts` are those that actions may
    reach, whatever they declare; `secrets` reads those that actions are given, of None it gives none.
    `lowering` is for the calls that steps make while they run, as far as `nesting` allows (None: as usual).
    `pauses` are the seconds between attempts where the trouble is likely to pass.
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
        nesting: Nesting | None = None,
        pauses: Sequence[float] = (0.2, 1.0),
    ) -> None:
        self._results = store if results is None else results
        self._misses = misses
        self._hosts = tuple(hosts)
        self._secrets = secrets
        self._keys = Keys(executor.platform, self._keyring)
        self._lowering = lowering
        self._nesting = nesting
        self._pauses = pauses
        self._store = store
        self._executor = executor
        self._observer = observer
        self._refreshed: set[Digest] = set()

    def _keyring(self) -> Keyring:
        if self._secrets is not None:
            return self._secrets
        from shunter.engine.secrets.fingerprint import home_key
        from shunter.engine.secrets.keyring import Keyring

        return Keyring(lambda: home_key(self._store.home))

    async def read_secrets(self, actions: Iterable[Action]) -> None:
        """Read the secrets that the keys of `actions` are made with; each source is read once."""
        await self._keys.read_secrets(actions)

    def unreadable(self, action: Action) -> Failure | None:
        """Why `action`, whose secrets were read, has no key: one of them can't be had."""
        return self._keys.unreadable(action)

    def key(self, action: Action) -> Digest:
        """The key of `action` on this executor's platform; its secrets were read before."""
        return self._keys.key(action)

    def cached(self, actions: dict[Digest, Action]) -> dict[Digest, Performed]:
        """Those of `actions` (by key) that the cache answers, in one batch."""
        wanted = [key for key, action in actions.items() if action.cache is not CachePolicy.NEVER]
        found = self._results.lookup(wanted)
        return {key: cache_hit(result) for key, result in found.items() if is_fresh(actions[key], result)}

    async def perform(self, action: Action, key: Digest, job: Job | None = None) -> Performed:
        """Run `action` unless another process just did; equal actions in flight run once.

        A `job` of None is one by itself. Its slot is taken where it isn't held, and is for the caller to
        release.
        """
        return await self._perform(action, key, self._results, job or _lone_job())

    def was_refreshed(self, key: Digest) -> bool:
        """Whether `refresh` has seen to it already: once is enough for all who want it anew."""
        return key in self._refreshed

    async def refresh(self, action: Action, key: Digest, job: Job | None = None) -> Performed:
        """Run `action` whatever the cache has, and keep what it gives from now on."""
        own = job or _lone_job()
        self._refreshed.add(key)
        if action.cache is CachePolicy.NEVER:
            return await self._making.make(action, key, self._results, own)
        async with self._locked(key, own):
            return await self._making.make(action, key, self._results, own)

    async def prepare(self, action: Action) -> Sequence[tuple[str, Directory]] | Failure:
        """The folders that `action` needs, by their container paths: built where they aren't there."""
        return await self._preparing.folders(action)

    async def _perform(self, action: Action, key: Digest, results: ResultIndex, job: Job) -> Performed:
        if action.cache is CachePolicy.NEVER:
            return await self._making.make(action, key, results, job)
        async with self._locked(key, job):
            hit = results.lookup([key]).get(key)
            if hit is not None and is_fresh(action, hit):
                return cache_hit(hit)
            return await self._making.make(action, key, results, job)

    @asynccontextmanager
    async def _locked(self, key: Digest, job: Job) -> AsyncIterator[None]:
        """Hold the lock of `key`, or wait for it as long as `job` has patience, without a slot."""
        import asyncio

        if job.patience is None:
            async with self._store.key_lock(key, job.slot.release):
                yield
            return
        async with AsyncExitStack() as stack:
            with suppress(TimeoutError):
                async with asyncio.timeout(job.patience):
                    await stack.enter_async_context(self._store.key_lock(key, job.slot.release))
            yield

    @cached_property
    def _making(self) -> Making:
        """What runs actions; a run that the cache answers never needs it."""
        from shunter.engine.run.attempts import Attempts
        from shunter.engine.run.making import Making

        return Making(
            self._store,
            Attempts(self._executor, pauses=self._pauses),
            self._preparing,
            self._keys,
            session=self._session,
            misses=self._misses,
            hosts=self._hosts,
        )

    @cached_property
    def _preparing(self) -> Preparing:
        from shunter.engine.run.preparing import Preparing

        return Preparing(self._store, self._observer, key=self.key, perform=self._build)

    async def _build(self, action: Action, key: Digest) -> Performed:
        return await self._perform(action, key, self._store, _lone_job(action.label))

    def _session(self, action: Action, secrets: Revealed, key: Digest, job: Job) -> Session:
        from shunter.engine.sessions.limits import STANDARD_NESTING
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
            nesting=self._nesting or STANDARD_NESTING,
        )
        return Session(action, calls, self._store, secrets=secrets)


def _lone_job(name: str = "call") -> Job:
    from shunter.engine.run.job import lone_job

    return lone_job(name)
