"""How far a run has come: each step's calls, the values that steps gave, and which are ready by them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.digest import Digest
from shunter.engine.plan.checked import CheckedPlan, CheckedStep
from shunter.engine.run.calls import Call
from shunter.engine.run.evaluate import evaluate
from shunter.engine.run.events import CallFinished, Observer, StepFinished, StepStarted
from shunter.engine.run.outcome import CallReport, Outcome, RunReport, Status, StepReport, step_outcome
from shunter.engine.run.performed import Performed
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch


@dataclass
class _Progress:
    """A step under way."""

    step: CheckedStep
    began: float = 0.0
    started: bool = False
    waiting: int = 0
    reports: dict[int, CallReport] = field(default_factory=dict)
    finished: StepReport | None = None

    def report(self) -> StepReport:
        """The step as it stands, or as it was when its last call ended."""
        if self.finished is not None:
            return self.finished
        calls = tuple(report for _, report in sorted(self.reports.items()))
        outcome = step_outcome(calls, started=self.started and not self.waiting)
        seconds = time.monotonic() - self.began if self.started else 0.0
        return StepReport(self.step.id, self.step.signature.name, outcome, seconds, calls)


class Board:
    """The steps of one run. `values` are those of its inputs and of the steps that have given theirs."""

    def __init__(self, plan: CheckedPlan, inputs: Mapping[str, Value], observer: Observer) -> None:
        self._plan = plan
        self._observer = observer
        self.values: dict[str, Value] = dict(inputs)
        self.failed = False
        self._steps = {step.id: _Progress(step) for step in plan.steps}
        self._needs = {step.id: set(step.sources & self._steps.keys()) for step in plan.steps}
        self._consumers = _consumers(self._needs)
        self._heights = _heights(plan.steps, self._consumers)

    def ready(self) -> list[str]:
        """The steps that need no other."""
        return [name for name, needs in self._needs.items() if not needs]

    def height(self, name: str) -> int:
        """How many steps at the most come one after the other from this one on."""
        return self._heights[name]

    def reach(self, name: str) -> CheckedStep:
        """The step, whose turn it is now."""
        self._steps[name].began = time.monotonic()
        return self._steps[name].step

    def start(self, name: str, calls: list[Call] | Failure) -> None:
        """Note what calls the step makes, or why it makes none."""
        progress = self._steps[name]
        progress.started = True
        count = 1 if isinstance(calls, Failure) else len(calls)
        self._observer.notify(StepStarted(name, progress.step.signature.name, count))
        if isinstance(calls, Failure):
            self._note(CallReport(name, None, Outcome.FAILED, None, 0.0, failure=calls))
        else:
            progress.waiting = len(calls)

    def settle(self, call: Call, key: Digest | None, performed: Performed, seconds: float) -> None:
        """Note what became of a call; one that failed before it had a key has none."""
        self._steps[call.step].waiting -= 1
        self._note(performed.report(call.step, call.index, key, seconds))

    def _note(self, report: CallReport) -> None:
        self._steps[report.step].reports[report.index or 0] = report
        self.failed |= report.failure is not None
        self._observer.notify(CallFinished(report))

    def complete(self, name: str) -> bool:
        """Whether the step has just got its value."""
        progress = self._steps[name]
        if progress.finished is not None or progress.waiting or not progress.started:
            return False
        progress.finished = report = progress.report()
        self._observer.notify(StepFinished(report))
        if report.outcome is Outcome.FAILED:
            return False
        values = tuple(call.value for call in report.calls)
        self.values[name] = values if progress.step.each else values[0]
        return True

    def followers(self, name: str) -> list[str]:
        """The steps that have everything now that step `name` has its value."""
        ready = []
        for consumer in self._consumers.get(name, ()):
            self._needs[consumer].discard(name)
            if not self._needs[consumer]:
                ready.append(consumer)
        return ready

    def close_failed(self) -> None:
        """Tell of the steps that failed before all of their calls were started."""
        for progress in self._steps.values():
            if progress.finished is None and progress.report().outcome is Outcome.FAILED:
                progress.finished = progress.report()
                self._observer.notify(StepFinished(progress.finished))

    def report(self, status: Status, seconds: float, store: ArtifactStore) -> RunReport:
        """The run after `seconds`; one that is done has outputs, unless they aren't what the plan says."""
        outputs: dict[str, Value] = {}
        failure = None
        if status is Status.DONE:
            try:
                outputs = {
                    name: evaluate(item, self.values, store) for name, item in self._plan.outputs.items()
                }
            except Mismatch as mismatch:
                failure = Failure(FailureKind.ARGUMENT, f"an output isn't what the plan says: {mismatch}")
                status = Status.FAILED
        steps = tuple(progress.report() for progress in self._steps.values())
        return RunReport(status, steps, outputs, seconds, failure)


def _consumers(needs: Mapping[str, set[str]]) -> dict[str, list[str]]:
    consumers: dict[str, list[str]] = {}
    for name, sources in needs.items():
        for source in sources:
            consumers.setdefault(source, []).append(name)
    return consumers


def _heights(steps: Iterable[CheckedStep], consumers: Mapping[str, list[str]]) -> dict[str, int]:
    heights: dict[str, int] = {}
    for step in reversed(list(steps)):
        heights[step.id] = 1 + max((heights[name] for name in consumers.get(step.id, ())), default=0)
    return heights
