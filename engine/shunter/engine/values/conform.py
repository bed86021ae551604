"""Values against types: the one place that decides whether a value is of a type."""

from __future__ import annotations

import math
from collections.abc import Mapping

from shunter.engine import types as t
from shunter.engine.values.model import Directory, File, Secret, Value, artifacts, secrets
from shunter.engine.values.source import EXPECTED, parse_source


class Mismatch(ValueError):
    """A value isn't of the type that is wanted.

    `where` is the path inside the value (`[2].name`, empty for the value itself), `got` says what is
    there, `candidates` what would fit.
    """

    def __init__(self, where: str, expected: str, got: str, *, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(f"{where + ': ' if where else ''}expected {expected}, got {got}")
        self.where = where
        self.expected = expected
        self.got = got
        self.candidates = candidates


def conform(value: Value, kind: t.Type, where: str = "") -> Value:
    """`value` as a value of type `kind`; raises Mismatch.

    Whole numbers become floats where floats are wanted, and floats without a fraction the other way
    round; a record loses fields that the type doesn't name and gets null for optional ones that it
    lacks, so that equal meanings are equal values. Text becomes a secret where it is a source; what it is
    else is not repeated. The media type of a file isn't looked at: it is a
    matter of the file's content.
    """
    match kind:
        case t.Optional(inner):
            return None if value is None else conform(value, inner, where)
        case t.ListOf(item):
            return _conform_list(value, kind, item, where)
        case t.Record(fields):
            return _conform_record(value, kind, fields, where)
        case t.Enum(choices):
            return _conform_choice(value, kind, choices, where)
        case t.Float() if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        case t.Int() if isinstance(value, float) and value.is_integer():
            return int(value)
        case t.Json() if not (any(artifacts(value)) or any(secrets(value))) and _is_finite(value):
            return value
        case t.Secret():
            return _conform_secret(value, where)
    if _is_simple(value, kind):
        return value
    raise Mismatch(where, str(kind), describe(value))


def describe(value: Value) -> str:
    """`value` in a few words, for messages: its kind and, where it is short, itself."""
    match value:
        case None:
            return "null"
        case bool():
            return f"bool {str(value).lower()}"
        case int() | float():
            return f"{type(value).__name__} {value}"
        case str():
            return f"str {value!r}" if len(value) <= 60 else f"str {value[:57]!r}…"
        case File():
            return f"File {value.name!r}"
        case Directory():
            return "Directory"
        case Secret():
            return "Secret"
        case tuple():
            return f"a list of {len(value)}"
    names = ", ".join(sorted(value)[:6])
    return f"a record with {names or 'no fields'}"


def _conform_list(value: Value, kind: t.Type, item: t.Type, where: str) -> Value:
    if not isinstance(value, tuple):
        raise Mismatch(where, str(kind), describe(value))
    return tuple(conform(element, item, f"{where}[{index}]") for index, element in enumerate(value))


def _conform_record(value: Value, kind: t.Type, fields: tuple[tuple[str, t.Type], ...], where: str) -> Value:
    if not isinstance(value, Mapping):
        raise Mismatch(where, str(kind), describe(value))
    for name, field in fields:
        if name not in value and not isinstance(field, t.Optional):
            raise Mismatch(where, str(kind), f"a record without {name}", candidates=(name,))
    return {name: conform(value.get(name), field, f"{where}.{name}") for name, field in fields}


def _conform_choice(value: Value, kind: t.Type, choices: tuple[str, ...], where: str) -> Value:
    if isinstance(value, str) and value in choices:
        return value
    import difflib

    close = difflib.get_close_matches(value, choices, n=3, cutoff=0.5) if isinstance(value, str) else []
    raise Mismatch(where, str(kind), describe(value), candidates=tuple(close or choices))


def _conform_secret(value: Value, where: str) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise Mismatch(where, f"Secret ({EXPECTED})", describe(value))
    try:
        return parse_source(value)
    except ValueError as error:
        raise Mismatch(where, f"Secret ({EXPECTED})", str(error)) from None


def _is_finite(value: Value) -> bool:
    """Whether JSON has every number inside `value`."""
    if isinstance(value, tuple):
        return all(map(_is_finite, value))
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, float) or math.isfinite(value)


def _is_simple(value: Value, kind: t.Type) -> bool:
    match kind:
        case t.Str():
            return isinstance(value, str)
        case t.Bool():
            return isinstance(value, bool)
        case t.Int():
            return isinstance(value, int) and not isinstance(value, bool)
        case t.Float():
            return isinstance(value, float) and math.isfinite(value)
        case t.File():
            return isinstance(value, File)
        case t.Directory():
            return isinstance(value, Directory)
    return False
