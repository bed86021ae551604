"""What a run would take from the cache and what it would run, without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.key import Platforms
from shunter.engine.actions.model import Action, CachePolicy
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest
from shunter.engine.plan.checked import CheckedPlan, CheckedStep
from shunter.engine.run.calls import Call, Lowering, calls_of
from shunter.engine.run.explain.misses import Explainer, Miss
from shunter.engine.run.performed import is_fresh
from shunter.engine.store.protocol import ArtifactStore, ResultIndex
from shunter.engine.values import Value


class Expectation(Enum):
    """What will become of a call or a step."""

    CACHED = "cached"
    RUNS = "runs"
    FAILS = "fails"  # its arguments aren't what the plan says
    UNKNOWN = "unknown"  # it needs what another step has yet to give


@dataclass(frozen=True, slots=True)
class CallForecast:
    """One call; `made` is when a cached result was, `miss` says why the call runs."""

    index: int | None
    expectation: Expectation
    key: Digest | None = None
    made: float | None = None
    miss: Miss | None = None


@dataclass(frozen=True, slots=True)
class StepForecast:
    """A step with its calls; `waits_for` are the steps that have to run before anything is known of it.

    `problem` says why it fails.
    """

    id: str
    call: str
    expectation: Expectation
    calls: tuple[CallForecast, ...] = ()
    waits_for: tuple[str, ...] = ()
    problem: str | None = None

    def misses(self) -> list[CallForecast]:
        """The calls that the cache doesn't answer."""
        return [call for call in self.calls if call.expectation is Expectation.RUNS]


class Forecaster:
    """Goes through a plan as a run does, and stops wherever something would have to run."""

    def __init__(
        self,
        platforms: Platforms,
        results: ResultIndex,
        explainer: Explainer,
        store: ArtifactStore,
        lowering: Lowering,
    ) -> None:
        self._platforms = platforms
        self._results = results
        self._explainer = explainer
        self._store = store
        self._lowering = lowering

    def forecast(self, plan: CheckedPlan, inputs: Mapping[str, Value]) -> list[StepForecast]:
        """What will become of each step of `plan`, in an order in which they can run."""
        values = dict(inputs)
        names = {step.id for step in plan.steps}
        steps: dict[str, StepForecast] = {}
        for step in plan.steps:
            unknown = sorted(step.sources & names - values.keys())
            if unknown:
                waits = {name for source in unknown for name in steps[source].waits_for or (source,)}
                steps[step.id] = _waiting(step, [name for name in steps if name in waits])
            else:
                steps[step.id] = self._step(step, values)
        return list(steps.values())

    def _step(self, step: CheckedStep, values: dict[str, Value]) -> StepForecast:
        """Foretell one step; where the cache answers it, its value is added to `values`."""
        calls = calls_of(step, values, self._store, self._lowering)
        if isinstance(calls, Failure):
            return StepForecast(step.id, step.signature.name, Expectation.FAILS, problem=calls.message)
        keys = [self._explainer.key(call.action, self._platforms) for call in calls]
        hits = self._hits(calls, keys)
        foretold = tuple(self._call(call, key, hits) for call, key in zip(calls, keys, strict=True))
        cached = all(call.expectation is Expectation.CACHED for call in foretold)
        if cached:
            given = tuple(hits[key].value for key in keys)
            values[step.id] = given if step.each else given[0]
        expectation = Expectation.CACHED if cached else Expectation.RUNS
        return StepForecast(step.id, step.signature.name, expectation, foretold)

    def _hits(self, calls: Sequence[Call], keys: Iterable[Digest]) -> dict[Digest, Result]:
        asked = {
            key: call.action
            for key, call in zip(keys, calls, strict=True)
            if call.action.cache is not CachePolicy.NEVER
        }
        found = self._results.lookup(asked)
        self._explainer.known(found)
        return {key: result for key, result in found.items() if is_fresh(asked[key], result)}

    def _call(self, call: Call, key: Digest, hits: Mapping[Digest, Result]) -> CallForecast:
        if key in hits:
            return CallForecast(call.index, Expectation.CACHED, key, made=hits[key].created)
        return CallForecast(call.index, Expectation.RUNS, key, miss=self._why(call.action, key))

    def _why(self, action: Action, key: Digest) -> Miss:
        return self._explainer.explain(action, key, self._platforms)


def _waiting(step: CheckedStep, waits_for: Iterable[str]) -> StepForecast:
    return StepForecast(step.id, step.signature.name, Expectation.UNKNOWN, waits_for=tuple(waits_for))
