"""What a workspace has: a store, a catalogue and an executor, each opened when it is needed."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from shunter.agent.cache import Cache
from shunter.agent.executors import ExecutorKind, chosen_kind, make_executor
from shunter.agent.gifts import Gifts
from shunter.agent.pulled import PulledImages
from shunter.engine.run.reuse import Misses
from shunter.engine.store.local import LocalStore
from shunter.engine.values.source import Scheme
from shunter.tools.catalogue import Catalogue, default_search_path

if TYPE_CHECKING:
    from shunter.agent.recorded import Origin
    from shunter.engine.executors.protocol import Executor
    from shunter.engine.secrets.protocol import SecretReader
    from shunter.engine.store.index import Index
    from shunter.tools.modules.module import Module


class Holdings:
    """Everything that running takes, under one home folder.

    `home` of None is `SHUNTER_HOME`, else the user's data folder (`/var/lib/shunter` for root). `modules` are
    further folders to look for modules in. `executor` of None is what `SHUNTER_EXECUTOR` names, else the
    sandbox. `jobs` of None is one for each core. `cache` names results that stand apart: none of what was
    computed before is used, but for environments. `notice` takes a sentence before something that takes long.
    With `Misses.REFUSE` nothing is run: what the cache doesn't answer is an error. `secrets` are further
    places to read secrets from, or other ways to the known ones.
    """

    def __init__(
        self,
        *,
        home: Path | None = None,
        modules: Sequence[Path] = (),
        executor: Executor | ExecutorKind | None = None,
        jobs: int | None = None,
        cache: str | None = None,
        notice: Callable[[str], None] | None = None,
        misses: Misses = Misses.RUN,
        secrets: Mapping[Scheme, SecretReader] | None = None,
    ) -> None:
        self._misses = misses
        self._cache = cache
        self._home = home
        self._modules = tuple(modules)
        self._executor = executor
        self._notice = notice or (lambda _: None)
        self._jobs = jobs or len(os.sched_getaffinity(0))
        self.origins: tuple[Origin, ...] = ()
        self._pulled = PulledImages(misses)
        self._readers = secrets or {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if self._cache is not None and "results" in self.__dict__:
            self.results.close()
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def store(self) -> LocalStore:
        """The store; raises StoreError where the home folder can't be used."""
        return LocalStore(self._home)

    @cached_property
    def results(self) -> LocalStore | Index:
        """Where the answers of steps are looked up and kept."""
        return self.store if self._cache is None else self.store.cache(self._cache)

    @property
    def runs(self) -> Path:
        """Where past runs have their folders."""
        return self.store.home / "runs"

    @property
    def cache(self) -> Cache:
        """All that is kept, to be looked at, verified and pruned."""
        return Cache(self.store, self.runs)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The functions that there are."""
        return Catalogue([*default_search_path(), *self._modules])

    @cached_property
    def executor(self) -> Executor:
        """What runs actions: what was given, else what SHUNTER_EXECUTOR names, else the sandbox."""
        given = self._executor or chosen_kind()
        if isinstance(given, ExecutorKind):
            return make_executor(given, self.store, notice=self._notice)
        return given

    @property
    def executor_kind(self) -> ExecutorKind | None:
        """Which of its own executors runs actions; None for one that was given ready-made."""
        given = self._executor or chosen_kind()
        return given if isinstance(given, ExecutorKind) else None

    @property
    def _gifts(self) -> Gifts:
        return Gifts(lambda: self.store.home, self._readers)

    def including(self, modules: Sequence[Module], *, origin: Origin | None = None) -> Self:
        """This workspace with further modules in its catalogue; they share the store.

        `origin` is the script that they come from, if they do.
        """
        return self._with(self.catalogue.including(modules), [] if origin is None else [origin])

    def using(self, folders: Sequence[Path]) -> Self:
        """This workspace with the modules in `folders` and no others."""
        return self._with(Catalogue(folders), [])

    def defaulting_to(self, kind: ExecutorKind | None) -> Self:
        """This workspace with an executor of that kind, unless it was given one."""
        other = copy.copy(self)
        other._executor = self._executor or kind
        other.__dict__.update(store=self.store)
        return other

    def _with(self, catalogue: Catalogue, origins: Sequence[Origin]) -> Self:
        other = copy.copy(self)
        other.__dict__.update(store=self.store, catalogue=catalogue, origins=(*self.origins, *origins))
        return other
