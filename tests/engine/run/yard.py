"""Functions that Python callables play, and plans of them, run by the real scheduler with a real store."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shunter.engine.actions.model import (
    Action,
    CachePolicy,
    Command,
    Limits,
    Mount,
    Network,
    Prepared,
    ResultDocument,
    ResultFrom,
    Returns,
    Session,
)
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.executors.protocol import Execution, unheeded
from shunter.engine.executors.scripted import Answer, Script, ScriptedCall, ScriptedExecutor
from shunter.engine.plan.check import check_plan
from shunter.engine.plan.checked import CheckedPlan
from shunter.engine.plan.read import read_plan
from shunter.engine.run.events import Event, Observer
from shunter.engine.run.explain.forecast import Forecaster, StepForecast
from shunter.engine.run.explain.misses import Explainer
from shunter.engine.run.outcome import Outcome, RunReport, StepReport
from shunter.engine.run.perform import Performer
from shunter.engine.run.reuse import Misses
from shunter.engine.run.scheduler import OnFailure, Scheduler
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.limits import STANDARD_NESTING
from shunter.engine.sessions.protocol import StepSession
from shunter.engine.store.local import LocalStore
from shunter.engine.store.protocol import ResultIndex
from shunter.engine.types import parse_type
from shunter.engine.types.signature import Parameter, Signature
from shunter.engine.values import Directory, File, Value, artifacts

Body = Callable[[ScriptedCall], object]
"""Plays a function: gives the data for `result.json`, an Answer, or an awaitable of either."""


DOCUMENT = ResultDocument()


@dataclass(frozen=True)
class Toy:
    """A function and how it is lowered."""

    signature: Signature
    body: Body
    cache: CachePolicy = CachePolicy.PURE
    ttl: float | None = None
    source: ResultFrom = DOCUMENT
    prepared: tuple[Prepared, ...] = ()
    calls: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    hosts_of_calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """A run's report, with what was told while it ran."""

    report: RunReport
    events: list[Event]

    def step(self, name: str) -> StepReport:
        """The report of one step."""
        return next(step for step in self.report.steps if step.id == name)

    def outcomes(self) -> dict[str, str]:
        """Every step's outcome."""
        return {step.id: step.outcome.value for step in self.report.steps}

    def calls(self, name: str) -> list[str]:
        """The outcomes of one step's calls, in order."""
        return [call.outcome.value for call in self.step(name).calls]

    def failure(self, name: str) -> str:
        """Why a step failed."""
        failure = self.step(name).failures[0].failure
        assert failure is not None
        return f"{failure.kind.value}: {failure.message}"

    def told(self, kind: type[Event]) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


class CountingStore(LocalStore):
    """A store that remembers what it was asked for."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.asked: list[int] = []

    def lookup(self, keys: Iterable[Digest]) -> Mapping[Digest, Result]:
        """As the store does; `asked` has how many keys each batch had."""
        wanted = list(keys)
        self.asked.append(len(wanted))
        return super().lookup(wanted)


@dataclass
class Recorder:
    """Keeps all events; `also` is told as well."""

    events: list[Event] = field(default_factory=list)
    also: Callable[[Event], None] | None = None

    def notify(self, event: Event) -> None:
        """Keep `event`."""
        self.events.append(event)
        if self.also is not None:
            self.also(event)


class LingeringExecutor(ScriptedExecutor):
    """Takes as long over what a container left as `linger` does, which is given the action."""

    def __init__(
        self, store: LocalStore, play: Script, linger: Callable[[Action], Awaitable[object]]
    ) -> None:
        super().__init__(store, {}, default=play)
        self._linger = linger

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
        *,
        vacated: Callable[[], None] = unheeded,
    ) -> Execution:
        """As usual, and linger."""
        execution = await super().execute(action, prepared, secrets, session, vacated=vacated)
        await self._linger(action)
        return execution


class Yard:
    """A store, an executor and some functions."""

    def __init__(self, home: Path) -> None:
        self.store = CountingStore(home)
        self.results: ResultIndex | None = None
        self.hosts: tuple[str, ...] = ()
        self.nesting = STANDARD_NESTING
        self.misses = Misses.RUN
        self.limits: dict[str, Limits] = {}
        self.sources: dict[str, Directory] = {}
        self.executor = ScriptedExecutor(self.store, {}, default=self._play)
        self._toys: dict[str, Toy] = {}

    def linger(self, linger: Callable[[Action], Awaitable[object]]) -> None:
        """From now on it takes this long until what a container left is taken."""
        self.executor = LingeringExecutor(self.store, self._play, linger)

    def function(
        self,
        name: str,
        parameters: Mapping[str, str],
        returns: str,
        body: Body,
        *,
        cache: CachePolicy = CachePolicy.PURE,
        ttl: float | None = None,
        source: ResultFrom = DOCUMENT,
        prepared: tuple[Prepared, ...] = (),
        calls: tuple[str, ...] = (),
        hosts: tuple[str, ...] = (),
        effects: tuple[str, ...] = (),
        hosts_of_calls: tuple[str, ...] = (),
    ) -> None:
        """Publish a function; types are written as in plans. It may call the functions `calls`."""
        declared = tuple(Parameter(key, parse_type(text)) for key, text in parameters.items())
        signature = Signature(name, declared, parse_type(returns), effects=effects)
        self._toys[name] = Toy(
            signature, body, cache, ttl, source, prepared, calls, hosts, effects, hosts_of_calls
        )

    def check(self, plan: str) -> CheckedPlan:
        """The plan in a text, checked."""
        read, lines = read_plan(plan)
        return check_plan(read, {name: toy.signature for name, toy in self._toys.items()}, lines)

    def run(
        self,
        plan: str,
        *,
        inputs: Mapping[str, Value] | None = None,
        jobs: int = 4,
        on_failure: OnFailure = OnFailure.STOP,
        fresh: Container[str] = (),
    ) -> Ran:
        """Run the plan in a text to its end."""
        recorder = Recorder()
        scheduler = self.scheduler(
            plan, recorder, inputs=inputs, jobs=jobs, on_failure=on_failure, fresh=fresh
        )
        return Ran(asyncio.run(asyncio.wait_for(scheduler.run(), 30)), recorder.events)

    def scheduler(
        self,
        plan: str,
        observer: Observer,
        *,
        inputs: Mapping[str, Value] | None = None,
        jobs: int = 4,
        on_failure: OnFailure = OnFailure.STOP,
        fresh: Container[str] = (),
    ) -> Scheduler:
        """What runs the plan in a text."""
        return Scheduler(
            self.check(plan),
            inputs or {},
            performer=Performer(
                self.store,
                self.executor,
                observer,
                results=self.results,
                hosts=self.hosts,
                lowering=self.lower,
                nesting=self.nesting,
                misses=self.misses,
                pauses=(0.0, 0.0),
            ),
            store=self.store,
            lowering=self.lower,
            observer=observer,
            jobs=jobs,
            on_failure=on_failure,
            fresh=fresh,
        )

    def forecast(self, plan: str, **inputs: Value) -> dict[str, StepForecast]:
        """What a run of the plan in a text would do, by step."""
        index = self.store.parts.index
        explainer = Explainer(index, index, self.store)
        platform = self.executor.platform
        found = Forecaster(platform, self.store, explainer, self.store, self.lower).forecast(
            self.check(plan), inputs
        )
        return {step.id: step for step in found}

    def lower(self, signature: Signature, arguments: Mapping[str, Value]) -> Action:
        """A call as an action; every file is mounted at `/in/NAME`."""
        toy = self._toys[signature.name]
        files = [artifact for artifact in artifacts(tuple(arguments.values())) if isinstance(artifact, File)]
        return Action(
            label=signature.name,
            identity=digest_bytes(f"{signature.name} {self.sources.get(signature.name, '')}".encode()),
            arguments=dict(arguments),
            command=Command(("play", signature.name)),
            returns=Returns(signature.returns, toy.source),
            mounts=(*(Mount(f"/in/{file.name}", file) for file in files), *self._source(signature.name)),
            prepared=toy.prepared,
            limits=self.limits.get(signature.name, Limits()),
            network=Network.PROXY if toy.hosts else Network.NONE,
            hosts=toy.hosts,
            session=self._session(toy),
            cache=toy.cache,
            ttl=toy.ttl,
        )

    def _session(self, toy: Toy) -> Session | None:
        if not toy.calls:
            return None
        return Session(
            tuple(self._toys[name].signature for name in toy.calls), toy.effects, toy.hosts_of_calls
        )

    def _source(self, name: str) -> tuple[Mount, ...]:
        return (Mount("/module", self.sources[name]),) if name in self.sources else ()

    @property
    def executed(self) -> list[str]:
        """What was started, in order: each call as `name(argument, …)`."""
        return [
            f"{action.label.rpartition('.')[2]}({', '.join(map(str, action.arguments.values()))})"
            for action in self.executor.executed
        ]

    def file(self, content: str, name: str = "notes.txt") -> File:
        """A file in the store."""
        return self.store.put_bytes(content.encode(), name)

    def text(self, file: Value) -> str:
        """What a file holds."""
        assert isinstance(file, File)
        with self.store.open(file) as stream:
            return stream.read().decode()

    async def _play(self, call: ScriptedCall) -> Answer:
        played = self._toys[call.action.label].body(call)
        data = await played if inspect.isawaitable(played) else played
        if isinstance(data, Answer):
            return data
        (call.out / "result.json").write_text(json.dumps({"result": data}))
        return Answer()


def argument(name: str) -> Body:
    """A function that returns one of its arguments."""
    return lambda call: call.action.arguments[name]


def outcome_of(ran: Ran, name: str) -> Outcome:
    """One step's outcome."""
    return ran.step(name).outcome
