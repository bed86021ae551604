"""The workspace: plans are checked, forecast and run with what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.approval import Allowed
from shunter.agent.gifts import gifts_kept
from shunter.agent.holdings import Holdings
from shunter.agent.performance import report_of
from shunter.agent.ready import ReadyPlan, call_plan, changed_modules, module_pins
from shunter.agent.recorded import recorded
from shunter.agent.reuse import check_steps, require_cached
from shunter.agent.run import Observers, Run
from shunter.engine.actions.failure import Failure
from shunter.engine.digest import JsonValue
from shunter.engine.plan.capabilities import required_by
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.model import Plan
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
from shunter.engine.values import Value
from shunter.instructions.inputs import bind_inputs
from shunter.tools.lowering import CatalogueLowering

if TYPE_CHECKING:
    from shunter.agent.planners.protocol import Planner
    from shunter.agent.pursuit import Pursuit
    from shunter.agent.request import Request
    from shunter.engine.actions.image import PulledImage
    from shunter.engine.run.explain.forecast import StepForecast
    from shunter.instructions.goal import Goal


class Workspace(Holdings):
    """Calls functions, and checks, forecasts and runs plans; it is made as `Holdings` is."""

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
        return self._pulled.of(functions, pins, self.catalogue, self.store)

    def inputs(self, ready: ReadyPlan, /, **given: object) -> dict[str, Value]:
        """Values for the plan's inputs: paths for files and folders, and lists, dicts and plain data."""
        from shunter.instructions.objects import take_inputs

        return take_inputs(ready.wanted_inputs, given, self.store)

    def inputs_from_json(
        self, ready: ReadyPlan, text: str, *, secrets: Sequence[tuple[str, str]] = ()
    ) -> dict[str, Value]:
        """Values for the plan's inputs, from a JSON object as a model writes it.

        `secrets` are those of the inputs that are secrets, by their sources: JSON names none.
        """
        from shunter.instructions.json_inputs import inputs_from_json

        return inputs_from_json(ready.wanted_inputs, text, self.store, secrets=secrets)

    def bind(self, ready: ReadyPlan, given: Sequence[tuple[str, str]], *, flag: str) -> dict[str, Value]:
        """Values for the plan's inputs, from texts; `flag` shows how one is given."""
        return bind_inputs(ready.wanted_inputs, given, self.store, flag=flag)

    def request(self, goal: Goal | str, /, **given: object) -> Request:
        """A goal with the values that it starts from: paths for files and folders, lists, and plain data."""
        from shunter.agent.request import request_of
        from shunter.instructions.offers import offers_from_objects

        return request_of(goal, offers_from_objects(given, self.store))

    def read_request(self, goal: Goal | str, given: Sequence[tuple[str, str]]) -> Request:
        """A goal with the values that it starts from, as they are written on a command line."""
        from shunter.agent.request import request_of
        from shunter.instructions.offers import offers_from_texts

        return request_of(goal, offers_from_texts(given, self.store))

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
            Explainer(results, index, self.store, self._gifts.fingerprints(ready.wanted(inputs))),
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
        self._gifts.keyring(wanted)  # so that what is plainly missing is told before there is a run
        if self._misses is Misses.REFUSE:
            require_cached(self.forecast(ready, inputs))
        plan = self.pinned(ready)
        kept = recorded(self, ready, inputs, given, on_failure)
        kept.update({"goal": plan.goal, "cache": self._cache, **gifts_kept(wanted), **(about or {})})
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
                    secrets=self._gifts.keyring(wanted),
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
            return report_of(scheduler)
        finally:
            journal.close()
