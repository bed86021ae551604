"""Inputs as models write them: one JSON object, with handles or paths for files.

A path has to be inside the current folder, and no secret is named here: what a model writes may have been put
into its mouth.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from shunter.engine import types as t
from shunter.engine.errors import InputError
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value
from shunter.engine.values.conform import describe
from shunter.instructions.handles import is_handle
from shunter.instructions.inputs import Wanted
from shunter.instructions.objects import take_inputs
from shunter.instructions.sources import take_secret


def inputs_from_json(
    wanted: Mapping[str, Wanted], text: str, store: ArtifactStore, *, secrets: Sequence[tuple[str, str]] = ()
) -> dict[str, Value]:
    """The value of every wanted name; null stands for one that isn't given.

    `secrets` are sources by name, from whoever runs it. Raises UsageError and InputError.
    """
    try:
        data = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise InputError(f"the arguments aren't JSON ({error})") from None
    if not isinstance(data, dict):
        raise InputError(f"the arguments are {describe(str(data))}; expected a JSON object")
    given = {name: value for name, value in data.items() if value is not None}
    taken = {name: _argument(name, value, wanted) for name, value in given.items()}
    return take_inputs(wanted, {**taken, **{name: take_secret(source) for name, source in secrets}}, store)


def _argument(name: str, data: object, wanted: Mapping[str, Wanted]) -> object:
    try:
        return _taken(data, wanted[name].type) if name in wanted else data
    except InputError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from None


def _taken(data: object, kind: t.Type) -> object:
    match kind, data:
        case t.Optional(inner), _:
            return _taken(data, inner)
        case t.Secret(), _:
            raise InputError(
                "a secret isn't named in JSON, which a model may have written",
                hint="whoever runs it gives it as an option: --NAME env:VARIABLE",
            )
        case ((t.File() | t.Directory()), str(text)) if not is_handle(text):
            return _inside(text)
        case t.Json(), str(text):
            return _json(text)
        case t.ListOf(item), list():
            return [_taken(element, item) for element in data]
        case t.Record(fields), dict():
            known = dict(fields)
            return {name: _taken(value, known.get(name, t.Json())) for name, value in data.items()}
    return data


def _inside(text: str) -> Path:
    here = Path.cwd().resolve()
    if not (here / text).resolve().is_relative_to(here):
        raise InputError(
            f"{text} is outside of the current folder",
            hint="give a handle, or run it in a folder above the file",
        )
    return Path(text)


def _json(text: str) -> object:
    """JSON that was written as text, which strict tools have no other form for; else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
