"""Literals as they stand in a plan, a manifest or on a command line: values and their types."""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine import types as t
from shunter.engine.values.conform import Mismatch
from shunter.engine.values.model import Value

MAX_DEPTH = 100


def literal_value(data: object, *, depth: int = 0) -> Value:
    """Plain data as a value: lists become tuples; raises Mismatch for anything that isn't JSON."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if depth > MAX_DEPTH:
        raise Mismatch("", f"data of at most {MAX_DEPTH} levels", "more")
    if isinstance(data, list | tuple):
        return tuple(literal_value(item, depth=depth + 1) for item in data)
    if isinstance(data, Mapping):
        return {str(name): literal_value(item, depth=depth + 1) for name, item in data.items()}
    raise Mismatch("", "JSON data", f"{type(data).__name__} {str(data)[:60]}")


def literal_type(data: object) -> t.Type:
    """The narrowest type that `data` has by itself; mixed or empty lists are Json."""
    match data:
        case bool():
            return t.Bool()
        case int():
            return t.Int()
        case float():
            return t.Float()
        case str():
            return t.Str()
        case list() | tuple() if data:
            kinds = {literal_type(item) for item in data}
            return t.ListOf(kinds.pop()) if len(kinds) == 1 else t.Json()
        case Mapping():
            return t.Record(tuple((str(name), literal_type(item)) for name, item in data.items()))
    return t.Json()
