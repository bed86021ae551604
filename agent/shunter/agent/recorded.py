"""What a run's folder records when it begins, so that another process can go on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shunter.agent.approval import Allowed
from shunter.agent.executors import ExecutorKind
from shunter.agent.ready import ReadyPlan, modules_within_reach
from shunter.engine.digest import JsonValue
from shunter.engine.errors import UsageError
from shunter.engine.plan.capabilities import ANY_SECRET, function_and_source
from shunter.engine.plan.model import Requires
from shunter.engine.run.scheduler import OnFailure
from shunter.engine.types import Type, parse_type
from shunter.engine.values import Secret, Value, decode, encode
from shunter.engine.values.source import shown

if TYPE_CHECKING:
    from shunter.agent.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Origin:
    """A script whose functions are in a catalogue, and the types of the arguments that it had."""

    script: Path
    given: Mapping[str, Type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run was begun with; `folders` are those of the modules that it uses."""

    inputs: Mapping[str, Value]
    allowed: Allowed
    on_failure: OnFailure
    executor: ExecutorKind | None
    folders: Sequence[Path]
    origins: Sequence[Origin]


def recorded(
    workspace: Workspace,
    ready: ReadyPlan,
    inputs: Mapping[str, Value],
    allowed: Allowed,
    on_failure: OnFailure,
) -> dict[str, JsonValue]:
    """What `read_recorded` gives back, as JSON data. Inputs are values: files are in the store by then.

    Of a command that gives a secret only the first word is kept: the value may stand in the others.
    """
    names = modules_within_reach(ready.checked.steps, workspace.catalogue)
    folders = {name: workspace.catalogue.module(name).folder for name in names}
    written = {str(origin.script.resolve()): _texts(origin.given) for origin in workspace.origins}
    requires = allowed.requires
    return {
        "inputs": {name: encode(_kept(value)) for name, value in inputs.items()},
        "allowed": {
            "everything": allowed.everything,
            "hosts": list(requires.hosts),
            "secrets": [kept_gift(gift) for gift in requires.secrets],
            "effects": list(requires.effects),
        },
        "on_failure": on_failure.value,
        "executor": None if workspace.executor_kind is None else workspace.executor_kind.value,
        "modules": {name: str(folder) for name, folder in folders.items()},
        "scripts": written,
    }


def read_recorded(about: Mapping[str, JsonValue]) -> Recorded:
    """What was recorded; raises UsageError where that isn't enough to go on."""
    match about:
        case {
            "inputs": Mapping() as inputs,
            "allowed": {"everything": bool(everything), **names},
            "on_failure": str(on_failure),
            "executor": str() | None as executor,
            "modules": Mapping() as modules,
            "scripts": Mapping() as scripts,
        }:
            return Recorded(
                {name: decode(value) for name, value in inputs.items()},
                Allowed(Requires.model_validate(names), everything),
                OnFailure(on_failure),
                None if executor is None else ExecutorKind(executor),
                [Path(str(folder)) for folder in modules.values()],
                [Origin(Path(script), _types(given)) for script, given in scripts.items()],
            )
    which = f"run {about['id']}" if "id" in about else "this run"
    raise UsageError(
        f"{which} doesn't record what it was begun with",
        hint="run its plan again, with its inputs: what is done comes from the cache",
    )


def kept_gift(gift: str) -> str:
    """`FUNCTION=SOURCE` as it may be kept."""
    function, source = function_and_source(gift)
    kept = source if source == ANY_SECRET else shown(Secret(source))
    return kept if function is None else f"{function}={kept}"


def _kept(value: Value) -> Value:
    if isinstance(value, Secret):
        return Secret(shown(value))
    if isinstance(value, tuple):
        return tuple(map(_kept, value))
    if isinstance(value, Mapping):
        return {name: _kept(item) for name, item in value.items()}
    return value


def _texts(given: Mapping[str, Type]) -> dict[str, JsonValue]:
    return {name: str(kind) for name, kind in given.items()}


def _types(given: JsonValue) -> dict[str, Type]:
    return {name: parse_type(str(text)) for name, text in given.items()} if isinstance(given, Mapping) else {}
