"""Going on with a run that ended early, as its folder tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.approval import Allowed
from shunter.agent.errors import InDoubt
from shunter.agent.ready import ReadyPlan
from shunter.agent.recorded import Recorded, read_recorded
from shunter.agent.run import Run
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.errors import RunBusy, UsageError
from shunter.engine.plan.model import Requires
from shunter.engine.run.events import Observer
from shunter.engine.run.history import PastRun, find_run
from shunter.engine.run.journal import Journal
from shunter.engine.run.outcome import Outcome
from shunter.engine.run.performed import Performed
from shunter.engine.values import artifacts, decode, secrets
from shunter.engine.values.source import is_cut
from shunter.tools.modules.manifest import FILE_NAME

if TYPE_CHECKING:
    from shunter.agent.workspace import Workspace


@dataclass(frozen=True)
class InterruptedRun:
    """A run that can be gone on with: its plan, checked again, and what it was begun with."""

    workspace: Workspace
    past: PastRun
    ready: ReadyPlan
    recorded: Recorded

    @property
    def about(self) -> Mapping[str, JsonValue]:
        """What else was recorded: `goal`, `planner`, `output`."""
        return self.past.about()

    def resume(self, *, observer: Observer | None, allowed: Allowed) -> Run:
        """Go on in the run's folder; raises Refused, RunBusy, and what running raises."""
        self._check_inputs()
        journal = Journal.reopened(self.past.folder, self.workspace.store)
        try:
            _check_open(self.past)  # another process may have gone on with it meanwhile
            granted = self._granted(allowed)
            granted.check(self.ready.wanted(self.recorded.inputs))
            done = dict(_acted(self.past))
            journal.resume()
            report = self.workspace.perform(
                self.ready,
                self.recorded.inputs,
                journal,
                observer=observer,
                on_failure=self.recorded.on_failure,
                allowed=granted,
                done=done,
            )
        finally:
            journal.close()
        return Run(journal.id, self.workspace.pinned(self.ready), report, self.workspace.store)

    def _granted(self, allowed: Allowed) -> Allowed:
        """What was allowed then, for the same modules; raises InDoubt for effects that were under way."""
        doubtful = self._effects_in_flight()
        lacking = allowed.lacking(Requires(effects=tuple(sorted(doubtful))))
        if lacking != Requires():
            raise InDoubt(self.past.id, {name: doubtful[name] for name in lacking.effects})
        if self.ready.notices:
            return allowed
        then = self.recorded.allowed
        return Allowed(then.requires, then.everything or allowed.everything).also(allowed.requires)

    def _effects_in_flight(self) -> dict[str, str]:
        """The effects of calls that were under way, each with a step that has it."""
        steps = {step for step, _ in self.past.in_flight()}
        return {
            effect: step.id
            for step in self.ready.checked.steps
            if step.id in steps
            for effect in step.signature.effects
        }

    def _check_inputs(self) -> None:
        """Keep the inputs from being pruned from now on; raises UsageError where one is gone."""
        for name, value in self.recorded.inputs.items():
            if any(is_cut(secret) for secret in secrets(value)):
                raise UsageError(
                    f"the secret {name} of run {self.past.id} was given by a command, which isn't kept",
                    hint="run its plan again, with its inputs: what is done comes from the cache",
                )
            if self.workspace.store.hold(artifacts(value)):
                raise UsageError(
                    f"the input {name} of run {self.past.id} isn't in the store any more",
                    hint="run its plan again, with its inputs: what is done comes from the cache",
                )


def interrupted_run(workspace: Workspace, name: str) -> InterruptedRun:
    """The run called `name`, with its plan checked; raises UsageError where it can't be gone on with."""
    past = find_run(workspace.runs, name)
    if past.status() == "running":
        raise RunBusy(f"run {past.id} is still going on", hint="wait for its end, or stop its process")
    _check_open(past)
    known = read_recorded(past.about())
    ready = equipped(workspace, known)
    return InterruptedRun(ready, past, ready.load(past.folder / "plan.yaml"), known)


def _check_open(past: PastRun) -> None:
    if past.status() == "done":
        raise UsageError(
            f"run {past.id} is done; there is nothing to go on with",
            hint=f"`shunter runs show {past.id}` shows it",
        )


def equipped(workspace: Workspace, known: Recorded) -> Workspace:
    """`workspace` with the modules that the run used, if they are where they were."""
    folders = [folder for folder in known.folders if (folder / FILE_NAME).is_file()]
    moved = len(folders) < len(known.folders) and not known.origins
    ready = workspace.defaulting_to(known.executor)
    found = ready if moved else ready.using(folders)
    for origin in known.origins:
        from shunter.agent.scripts import open_script

        program = open_script(workspace, origin.script).program
        found = found.including(program.modules(origin.given), origin=origin)
    return found


def _acted(past: PastRun) -> Iterator[tuple[tuple[str, int | None], tuple[Digest, Performed]]]:
    """The calls that ran, by step and element: those that acted on the world mustn't do so again."""
    for event in past.calls():
        match event:
            case {"outcome": "executed", "step": str(step), "key": str(key), "at": float(at), "value": value}:
                index = event.get("index")
                result = Result(decode(value), None, None, 0.0, at)
                place = (step, index if isinstance(index, int) else None)
                yield place, (Digest(key), Performed(Outcome.CACHED, result))


def recorded_output(about: Mapping[str, JsonValue]) -> Path | None:
    """The folder that outputs were to be written to."""
    output = about.get("output")
    return Path(output) if isinstance(output, str) else None
