"""One call of a past run, known again from its folder: the action, what became of it, and what it left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shunter.agent.ready import ReadyPlan
from shunter.agent.recorded import read_recorded
from shunter.agent.resume import equipped
from shunter.engine.actions.failure import Failure
from shunter.engine.actions.key import action_key
from shunter.engine.actions.model import Action
from shunter.engine.digest import JsonValue
from shunter.engine.errors import ShunterError, StoreCorrupt, UsageError
from shunter.engine.plan.checked import CheckedStep
from shunter.engine.run.calls import Call, calls_of
from shunter.engine.run.history import PastRun
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Directory, Value, decode
from shunter.tools.lowering import CatalogueLowering

if TYPE_CHECKING:
    from shunter.agent.workspace import Workspace

Event = Mapping[str, JsonValue]


@dataclass(frozen=True)
class PastCall:
    """A call as it would be made now: `notices` say in which way that isn't what was run.

    `message` is why it failed, `left` what it left in `/work` then, where that was kept; `hosts` are those
    that the run was allowed to reach. `workspace` has the run's own modules and executor.
    """

    workspace: Workspace
    run: str
    call: Call
    outcome: str
    message: str | None
    left: Directory | None
    hosts: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def action(self) -> Action:
        """What is run."""
        return self.call.action


def past_call(workspace: Workspace, run: PastRun, name: str) -> PastCall:
    """The call `STEP`, `STEP.INDEX` or `STEP[INDEX]` of `run`; of a mapped step the first that failed.

    Raises UsageError where the run has none, PlanRefused where its plan doesn't fit the modules any more,
    and ShunterError where nothing of it was ever started.
    """
    known = read_recorded(run.about())
    workspace = equipped(workspace, known)
    ready = workspace.load(run.folder / "plan.yaml")
    step, index = _named(run, ready, name)
    finished = run.calls()
    inputs = known.inputs
    values = {**inputs, **_values(ready, finished)}
    _check_reached(step, values, run)
    lowering = CatalogueLowering(workspace.catalogue, workspace.store)
    calls = calls_of(step, values, workspace.store, lowering)
    if isinstance(calls, Failure):
        raise ShunterError(f"{step.id} was never started: {calls.message}", hint=calls.hint)
    told = [event for event in finished if event.get("step") == step.id]
    call = _chosen(calls, told, index, run)
    event = next((event for event in told if event.get("index") == call.index), {})
    left = _left(event)
    lost: tuple[str, ...] = ()
    if left is not None and not _has(workspace.store, left):
        left, lost = None, ("what the call left in /work isn't kept any more",)
    key = None if call.action.secrets else action_key(call.action, workspace.executor.platform)
    if call.action.secrets:
        lost = (*lost, "its secrets aren't given here: there is no /run/secrets")
    if call.action.session is not None:
        lost = (*lost, "it can't call functions here: its way to the engine ended with its run")
    return PastCall(
        workspace,
        run.id,
        call,
        str(event.get("outcome", "not started")),
        _message(event),
        left,
        tuple(ready.wanted(inputs).hosts),
        (*_notices(ready, event, key), *lost),
    )


def _named(run: PastRun, ready: ReadyPlan, name: str) -> tuple[CheckedStep, int | None]:
    steps = {step.id: step for step in ready.checked.steps}
    match = re.fullmatch(r"(.+?)(?:\.(\d+)|\[(\d+)\])?", name, re.DOTALL)
    wanted, *numbers = match.groups() if match else (name,)
    if wanted not in steps:
        raise UsageError(f"run {run.id} has no step {wanted!r}", hint=f"it has {', '.join(steps)}")
    return steps[wanted], next((int(number) for number in numbers if number), None)


def _values(ready: ReadyPlan, finished: Sequence[Event]) -> dict[str, Value]:
    """The values of the steps all of whose calls succeeded."""
    values: dict[str, Value] = {}
    for step in ready.checked.steps:
        calls = sorted(
            (event for event in finished if event.get("step") == step.id),
            key=lambda event: int(str(event.get("index") or 0)),
        )
        if all("value" in event for event in calls) and (calls or step.each):
            found = tuple(decode(event["value"]) for event in calls)
            values[step.id] = found if step.each else found[0]
    return values


def _check_reached(step: CheckedStep, values: Mapping[str, Value], run: PastRun) -> None:
    missing = sorted(name for name in step.sources if name not in values)
    if missing:
        raise UsageError(
            f"{step.id} was never started: run {run.id} has no value of {', '.join(missing)}",
            hint=f"look into {missing[0]}: `shunter debug {run.id} {missing[0]}`",
        )


def _chosen(calls: Sequence[Call], known: Sequence[Event], index: int | None, run: PastRun) -> Call:
    if index is None:
        failed = [event.get("index") for event in known if event.get("outcome") == "failed"]
        wanted = [call for call in calls if call.index in failed] or list(calls)
    else:
        wanted = [call for call in calls if call.index == index]
    if wanted:
        return wanted[0]
    indexes = [call.index for call in calls if call.index is not None]
    has = f"calls 0 to {len(indexes) - 1}" if indexes else "one call" if calls else "no call"
    which = "" if index is None else f" {index}"
    raise UsageError(f"run {run.id} has no call{which} of that step", hint=f"the step has {has}")


def _message(event: Event) -> str | None:
    failure = event.get("failure")
    return str(failure["message"]) if isinstance(failure, Mapping) else None


def _left(event: Event) -> Directory | None:
    left = event.get("left")
    folder = decode(left["folder"]) if isinstance(left, Mapping) else None
    return folder if isinstance(folder, Directory) else None


def _has(store: ArtifactStore, folder: Directory) -> bool:
    try:
        store.get_tree(folder)
    except StoreCorrupt:
        return False
    return True


def _notices(ready: ReadyPlan, event: Event, key: str | None) -> Iterator[str]:
    yield from ready.notices
    then = event.get("key")
    if key is not None and then is not None and then != key and not ready.notices:
        yield "this isn't quite what was run: shunter, its settings or this machine's system changed since"
