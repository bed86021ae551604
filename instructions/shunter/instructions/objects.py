"""Inputs as Python objects, as typed values: paths, lists, dicts, plain data, and sources of secrets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from shunter.engine import types as t
from shunter.engine.errors import InputError
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Secret, Value
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_value
from shunter.instructions.handles import is_handle, take_handle
from shunter.instructions.inputs import Wanted, fill
from shunter.instructions.paths import take_file, take_folder
from shunter.instructions.sources import take_secret


def take_inputs(
    wanted: Mapping[str, Wanted], given: Mapping[str, object], store: ArtifactStore
) -> dict[str, Value]:
    """The value of every wanted name; files and folders enter the store.

    Raises UsageError for unknown and missing names and InputError for values that don't fit, each with
    everything that is wrong.
    """

    def bind(data: object, kind: t.Type) -> Value:
        try:
            return conform(_taken(data, kind, store), kind)
        except Mismatch as mismatch:
            raise InputError(str(mismatch)) from None

    return fill(wanted, given, bind, flag="{name}=…")


def _taken(data: object, kind: t.Type, store: ArtifactStore) -> Value:
    if isinstance(data, Secret):
        return data
    match kind:
        case t.Optional(inner) if data is not None:
            return _taken(data, inner, store)
        case t.Secret() if isinstance(data, str):
            return take_secret(data)
        case t.File() | t.Directory() if isinstance(data, str) and is_handle(data):
            return take_handle(data, kind, store)
        case t.File(media) if isinstance(data, str | os.PathLike):
            return take_file(Path(data), media, store)
        case t.Directory() if isinstance(data, str | os.PathLike):
            return take_folder(Path(data), store)
        case t.ListOf(item) if isinstance(data, list | tuple):
            return tuple(_taken(element, item, store) for element in data)
        case t.Record(fields) if isinstance(data, Mapping):
            known = dict(fields)
            return {
                str(name): _taken(value, known.get(str(name), t.Json()), store)
                for name, value in data.items()
            }
    return literal_value(data)
