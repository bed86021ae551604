"""A function of the catalogue as a judge: called with a result, in a container, as any step."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.agent import Workspace
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.plan.expression import Expression, Items, Literal, Reference
from shunter.engine.plan.model import Input, Plan, Step
from shunter.engine.run.events import Observer
from shunter.engine.run.outcome import Status
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import Directory, File, Value, encode
from shunter.engine.values.literal import literal_type
from shunter.instructions.paths import media_of


class NoJudgement(Exception):
    """The judge has nothing to say of the value: it failed, or doesn't take such a value."""


def ask(
    workspace: Workspace,
    call: str,
    parameter: str,
    value: Value,
    others: Mapping[str, JsonValue],
    *,
    observer: Observer | None = None,
) -> Value:
    """What the function `call` says of `value`; raises NoJudgement, PlanRefused where it can't be called."""
    signature = workspace.catalogue.function(call).signature
    wanted = signature.parameter(parameter)
    kind = type_of(value, workspace.store)
    judged: Expression = Reference("value")
    if wanted is not None and isinstance(wanted.type, t.ListOf) and not isinstance(kind, t.ListOf):
        judged = Items((judged,))
    arguments = {parameter: judged, **{name: Literal(data) for name, data in others.items()}}
    plan = Plan(
        version=1,
        inputs={"value": Input(type=kind)},
        steps=(Step.model_validate({"id": "verdict", "call": call, "with": arguments}),),
        outputs={"verdict": Reference("verdict")},
    )
    run = workspace.run(workspace.check(plan), {"value": value}, observer=observer)
    if run.report.status is Status.DONE:
        return run.report.outputs["verdict"]
    failures = [call.failure.message for step in run.report.steps for call in step.failures if call.failure]
    raise NoJudgement("; ".join(failures) or "it failed")


def type_of(value: Value, store: ArtifactStore) -> t.Type:
    """The narrowest type of a value."""
    if isinstance(value, File):
        found = media_type(value, store)
        return t.File(None if found == media.UNKNOWN else found)
    if isinstance(value, Directory):
        return t.Directory()
    if isinstance(value, tuple) and value:
        kinds = {type_of(item, store) for item in value}
        return t.ListOf(kinds.pop()) if len(kinds) == 1 else literal_type(encode(value))
    if isinstance(value, Mapping):
        return t.Record(tuple((name, type_of(item, store)) for name, item in value.items()))
    return literal_type(value)


def media_type(file: File, store: ArtifactStore) -> str:
    """The media type of a file: by its name, else its first bytes."""
    with store.open(file) as stream:
        head = stream.read(media.SNIFFED_BYTES)
    try:
        return media_of(file.name, head)
    except ValueError:
        return media.sniff(head) or media.UNKNOWN
