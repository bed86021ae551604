"""The workspace: a store, a catalogue and an executor, opened when they are needed."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from shunter.agent.approval import Allowed
from shunter.agent.cache import Cache
from shunter.agent.executors import ExecutorKind, chosen_kind, make_executor
from shunter.agent.ready import ReadyPlan, call_plan, changed_modules, module_pins
from shunter.agent.recorded import Origin, kept_gift, recorded
from shunter.agent.reuse import check_steps, refuse_tags, require_cached
from shunter.agent.run import Observers, Run
from shunter.engine.actions.failure import Failure
from shunter.engine.digest import JsonValue
from shunter.engine.plan.capabilities import ANY_SECRET, function_and_source, required_by
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.model import Plan, Requires
from shunter.engine.plan.problem import Lines
from shunter.engine.plan.read import load_plan
from shunter.engine.plan.write import plan_text
from shunter.engine.run.events import Observer
from shunter.engine.run.journal import Journal
from shunter.engine.run.outcome import RunReport
from shunter.engine.run.perform import Performer
from shunter.engine.run.reuse import EveryStep, Misses
from shunter.engine.run.scheduler import Done, OnFailure, Scheduler
from shunter.engine.store.index import Index
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Secret, Value
from shunter.engine.values.source import Scheme
from shunter.instructions.inputs import Wanted, bind_inputs
from shunter.tools.catalogue import Catalogue, default_search_path
from shunter.tools.images import registry_images
from shunter.tools.lowering import CatalogueLowering

if TYPE_CHECKING:
    from shunter.agent.planners.protocol import Planner
    from shunter.agent.pursuit import Pursuit
    from shunter.agent.request import Request
    from shunter.engine.actions.image import PulledImage
    from shunter.engine.executors.protocol import Executor
    from shunter.engine.run.explain.forecast import StepForecast
    from shunter.engine.secrets.keyring import Keyring
    from shunter.engine.secrets.protocol import SecretReader
    from shunter.instructions.goal import Goal
    from shunter.instructions.offers import Offer
    from shunter.tools.modules.function import Function
    from shunter.tools.modules.module import Module


class Workspace:
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
        self._readers = secrets or {}
        self._home = home
        self._modules = tuple(modules)
        self._executor = executor
        self._notice = notice or (lambda _: None)
        self._jobs = jobs or len(os.sched_getaffinity(0))
        self.origins: tuple[Origin, ...] = ()
        self._tags: dict[str, PulledImage] = {}

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

    def including(self, modules: Sequence[Module], *, origin: Origin | None = None) -> Workspace:
        """This workspace with further modules in its catalogue; they share the store.

        `origin` is the script that they come from, if they do.
        """
        return self._with(self.catalogue.including(modules), [] if origin is None else [origin])

    def using(self, folders: Sequence[Path]) -> Workspace:
        """This workspace with the modules in `folders` and no others."""
        return self._with(Catalogue(folders), [])

    def defaulting_to(self, kind: ExecutorKind | None) -> Workspace:
        """This workspace with an executor of that kind, unless it was given one."""
        other = copy.copy(self)
        other._executor = self._executor or kind
        other.__dict__.update(store=self.store)
        return other

    def _keyring(self, wanted: Requires) -> Keyring | None:
        """What reads the secrets of a run; None where it has none."""
        if not wanted.secrets:
            return None
        from shunter.engine.secrets.fingerprint import home_key
        from shunter.engine.secrets.keyring import Keyring
        from shunter.engine.secrets.readers import READERS

        keyring = Keyring(lambda: home_key(self.store.home), {**READERS, **self._readers})
        keyring.check(Secret(source) for _, source in _known_gifts(wanted))
        return keyring

    def _fingerprints(self, wanted: Requires) -> Mapping[Secret, str]:
        """The fingerprints of all secrets that a plan would give."""
        keyring = self._keyring(wanted)
        if keyring is None:
            return {}
        import asyncio

        given = {Secret(source) for _, source in _known_gifts(wanted)}
        asyncio.run(keyring.read(given))
        error = keyring.unreadable(given)
        if error is not None:
            raise error
        return keyring.fingerprints(given)

    def _with(self, catalogue: Catalogue, origins: Sequence[Origin]) -> Workspace:
        other = copy.copy(self)
        other.__dict__.update(store=self.store, catalogue=catalogue, origins=(*self.origins, *origins))
        return other

    def compute(
        self, function: str, arguments: Mapping[str, Value], *, observer: Observer | None = None
    ) -> Value | Failure:
        """What a function returns, from the cache or from a container, without a run of its own.

        `arguments` are values of its parameters. Raises UnknownFunction, ModuleError and ExecutorUnavailable.
        """
        signature = self.catalogue.function(function).signature
        given = {item.name: arguments.get(item.name, item.fallback) for item in signature.parameters}
        watching = Observers([observer] if observer else [])
        images = self._resolved([signature.name], {})
        lowering = CatalogueLowering(self.catalogue, self.store, images)
        action = lowering(signature, given)
        performer = Performer(self.store, self.executor, watching, misses=self._misses, lowering=lowering)
        key = performer.key(action)
        hit = performer.cached({key: action}).get(key)
        if hit is None:
            import asyncio

            hit = asyncio.run(performer.perform(action, key))
        answer = hit.answer
        return answer if isinstance(answer, Failure) else answer.value

    def load(self, path: Path | str) -> ReadyPlan:
        """The plan in a file, checked; raises PlanError or InputError."""
        plan, lines = load_plan(Path(path))
        return self.check(plan, lines)

    def check(self, plan: Plan, lines: Lines | None = None) -> ReadyPlan:
        """`plan`, checked against the catalogue; raises PlanRefused with every problem."""
        checked = check_plan(plan, self.catalogue, lines)
        requires = required_by(checked.steps)
        if not plan.modules:
            return ReadyPlan(plan, checked, requires)
        pins = module_pins(checked, self.catalogue, self.store)
        return ReadyPlan(plan, checked, requires, tuple(changed_modules(plan, pins)))

    def call(self, name: str) -> ReadyPlan:
        """The plan that calls one function; raises UnknownFunction or ModuleError."""
        return self.check(call_plan(self.catalogue.function(name).signature))

    def pinned(self, ready: ReadyPlan) -> Plan:
        """The plan with what it was run against: the modules' and images' digests, and what it may do.

        Raises ImageUnavailable where an image is named by a tag that can't be resolved.
        """
        pins = module_pins(ready.checked, self.catalogue, self.store)
        images = {name: image.digest for name, image in self.images(ready).items() if "@" not in name}
        return ready.plan.model_copy(update={"modules": pins, "images": images, "requires": ready.requires})

    def images(self, ready: ReadyPlan) -> Mapping[str, PulledImage]:
        """The images of registries that the plan's functions run in, by the names that their modules give.

        Raises ImageUnavailable.
        """
        return self._resolved([step.signature.name for step in ready.checked.steps], ready.plan.images)

    def _resolved(self, functions: Sequence[str], pins: Mapping[str, str]) -> Mapping[str, PulledImage]:
        """A tag is looked up once in a workspace's life, and not at all where a plan has its digest."""
        named = registry_images(self._within_reach(functions))
        if not named:
            return {}
        from shunter.engine.images.tags import pulled_image

        if self._misses is Misses.REFUSE:
            refuse_tags(name for name in named if name not in pins)
        for name in named:
            if name not in pins and name not in self._tags:
                self._tags[name] = pulled_image(name, pins, home=self.store.home)
        return {
            name: pulled_image(name, pins, home=self.store.home) if name in pins else self._tags[name]
            for name in named
        }

    def _within_reach(self, functions: Sequence[str]) -> Iterator[Function]:
        """The functions, and all that may be called through them."""
        yield from map(self.catalogue.function, functions)
        for name in sorted({function.partition(".")[0] for function in functions}):
            for module in self.catalogue.used(name):
                yield from module.functions.values()

    def inputs(self, ready: ReadyPlan, /, **given: object) -> dict[str, Value]:
        """Values for the plan's inputs: paths for files and folders, and lists, dicts and plain data."""
        from shunter.instructions.objects import take_inputs

        return take_inputs(_wanted(ready), given, self.store)

    def inputs_from_json(
        self, ready: ReadyPlan, text: str, *, secrets: Sequence[tuple[str, str]] = ()
    ) -> dict[str, Value]:
        """Values for the plan's inputs, from a JSON object as a model writes it.

        `secrets` are those of the inputs that are secrets, by their sources: JSON names none.
        """
        from shunter.instructions.json_inputs import inputs_from_json

        return inputs_from_json(_wanted(ready), text, self.store, secrets=secrets)

    def bind(self, ready: ReadyPlan, given: Sequence[tuple[str, str]], *, flag: str) -> dict[str, Value]:
        """Values for the plan's inputs, from texts; `flag` shows how one is given."""
        return bind_inputs(_wanted(ready), given, self.store, flag=flag)

    def request(self, goal: Goal | str, /, **given: object) -> Request:
        """A goal with the values that it starts from: paths for files and folders, lists, and plain data."""
        from shunter.instructions.offers import offers_from_objects

        return _request(goal, offers_from_objects(given, self.store))

    def read_request(self, goal: Goal | str, given: Sequence[tuple[str, str]]) -> Request:
        """A goal with the values that it starts from, as they are written on a command line."""
        from shunter.instructions.offers import offers_from_texts

        return _request(goal, offers_from_texts(given, self.store))

    def pursue(
        self, request: Request, *, planner: Planner | None = None, allowed: Allowed | None = None
    ) -> Pursuit:
        """Plan and run until a run succeeds or nothing is left to try, with nobody to ask.

        `planner` of None takes the model that the environment configures, else the embedded planner. Raises
        NoPlan, PlanRefused, PlannerUnavailable, Refused, and what `run` raises.
        """
        from shunter.agent.loop import Loop

        if planner is None:
            from shunter.agent.planners.choose import PlannerKind, choose_planner

            planner, _ = choose_planner(PlannerKind.AUTO)
        return Loop(self, planner, allowed=allowed or Allowed()).pursue(request)

    def forecast(self, ready: ReadyPlan, inputs: Mapping[str, Value]) -> list[StepForecast]:
        """What a run would take from the cache, and what it would run and why; nothing is started.

        The secrets that keys are made with are read; raises SecretUnreadable.
        """
        from shunter.engine.run.explain.forecast import Forecaster
        from shunter.engine.run.explain.misses import Explainer

        index = self.store.parts.index
        results = self.results if isinstance(self.results, Index) else index
        return Forecaster(
            self.executor.platform,
            self.results,
            Explainer(results, index, self.store, self._fingerprints(ready.wanted(inputs))),
            self.store,
            CatalogueLowering(self.catalogue, self.store, self.images(ready)),
        ).forecast(ready.checked, inputs)

    def run(
        self,
        ready: ReadyPlan,
        inputs: Mapping[str, Value],
        *,
        observer: Observer | None = None,
        on_failure: OnFailure = OnFailure.STOP,
        allowed: Allowed | None = None,
        about: Mapping[str, JsonValue] | None = None,
        fresh: frozenset[str] | EveryStep = frozenset(),
    ) -> Run:
        """Run a plan; a step that fails is in the report, not an exception. `about` is kept with the run.

        The steps in `fresh` (or `EVERY_STEP`) run whatever the cache has, and what depends on them where they
        give something else. Raises Refused where the plan may do more than `allowed` (None allows nothing),
        SecretUnreadable where a secret is plainly not there, ExecutorUnavailable where no container can be
        started, and NotCached where something would have to run and nothing may.
        """
        given, wanted = allowed or Allowed(), ready.wanted(inputs)
        given.check(wanted)
        check_steps(ready.checked, fresh)
        self._keyring(wanted)  # so that what is plainly missing is told before there is a run
        if self._misses is Misses.REFUSE:
            require_cached(self.forecast(ready, inputs))
        plan = self.pinned(ready)
        kept = recorded(self, ready, inputs, given, on_failure)
        kept.update({"goal": plan.goal, "cache": self._cache, **_gifts_kept(wanted), **(about or {})})
        journal = Journal(self.runs, self.store, plan=plan_text(plan), about=kept)
        report = self.perform(
            ready, inputs, journal, observer=observer, on_failure=on_failure, allowed=given, fresh=fresh
        )
        return Run(journal.id, plan, report, self.store)

    def resume(
        self,
        name: str = "last",
        *,
        observer: Observer | None = None,
        allowed: Allowed | None = None,
    ) -> Run:
        """Go on with a run that was killed, was interrupted or failed: its plan, its inputs, in its folder.

        What was allowed then is allowed now, unless a module has changed; an effect that was under way has to
        be among `allowed` again, since it may have happened. Raises UsageError for a run that is done or
        going on, Refused, and what `run` raises.
        """
        from shunter.agent.resume import interrupted_run

        return interrupted_run(self, name).resume(observer=observer, allowed=allowed or Allowed())

    def perform(
        self,
        ready: ReadyPlan,
        inputs: Mapping[str, Value],
        journal: Journal,
        *,
        observer: Observer | None,
        on_failure: OnFailure,
        allowed: Allowed,
        done: Done | None = None,
        fresh: frozenset[str] | EveryStep = frozenset(),
    ) -> RunReport:
        """Run a plan into `journal`, which is closed at the end."""
        try:
            wanted = ready.wanted(inputs)
            watching = Observers([journal, *([observer] if observer is not None else [])])
            lowering = CatalogueLowering(self.catalogue, self.store, self.images(ready))
            scheduler = Scheduler(
                ready.checked,
                inputs,
                performer=Performer(
                    self.store,
                    self.executor,
                    watching,
                    results=self.results,
                    misses=self._misses,
                    hosts=allowed.of(wanted).hosts,
                    secrets=self._keyring(wanted),
                    lowering=lowering,
                ),
                store=self.store,
                lowering=lowering,
                observer=watching,
                jobs=self._jobs,
                on_failure=on_failure,
                fresh=fresh,
                done=done,
            )
            return _run(scheduler)
        finally:
            journal.close()


def _gifts_kept(wanted: Requires) -> dict[str, JsonValue]:
    """Who was given which secret, for the run's record."""
    gifts: list[JsonValue] = [kept_gift(gift) for gift in wanted.secrets]
    return {"secrets": gifts} if gifts else {}


def _known_gifts(wanted: Requires) -> list[tuple[str | None, str]]:
    gifts = [function_and_source(gift) for gift in wanted.secrets]
    return [gift for gift in gifts if gift[1] != ANY_SECRET]


def _run(scheduler: Scheduler) -> RunReport:
    """Take what the cache has, and run the rest in an event loop of its own.

    `asyncio.run` writes the task out in words when it puts SIGINT's handler back; a report of many steps, as
    the task's result, would cost more there than cached steps do.
    """
    cached = scheduler.take_cached()
    if cached is not None:
        return cached
    import asyncio

    reports: list[RunReport] = []

    async def run() -> None:
        reports.append(await scheduler.run())

    asyncio.run(run())
    return reports[0]


def _wanted(ready: ReadyPlan) -> dict[str, Wanted]:
    return {
        name: Wanted(declared.type, declared.required, declared.default)
        for name, declared in ready.checked.inputs.items()
    }


def _request(goal: Goal | str, offers: Mapping[str, Offer]) -> Request:
    from shunter.agent.request import Request
    from shunter.instructions.goal import Goal

    kinds = {name: offer.type for name, offer in offers.items()}
    known = Goal(goal, kinds) if isinstance(goal, str) else replace(goal, inputs=kinds)
    return Request(known, {name: offer.value for name, offer in offers.items()})
