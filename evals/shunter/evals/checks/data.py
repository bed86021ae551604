"""Data against what is expected at paths inside it: `.`, `users[0].name`, `[2]`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from shunter.engine.digest import JsonValue
from shunter.evals.case.expected import Bounds

_PART = re.compile(r"\.?([^.\[\]]+)|\[(-?\d+)\]")


def data_problem(data: JsonValue, wanted: Mapping[str, Bounds]) -> str | None:
    """What keeps `data` from being what is wanted, or None."""
    for path, bounds in wanted.items():
        try:
            found = value_at(data, path)
        except LookupError:
            return f"there is nothing at {path} in {shown(data)}"
        why = bounds_problem(found, bounds)
        if why is not None:
            return why if path == "." else f"{path}: {why}"
    return None


def value_at(data: JsonValue, path: str) -> JsonValue:
    """What is at `path` inside `data`; raises LookupError."""
    if path == ".":
        return data
    position = 0
    while position < len(path):
        match = _PART.match(path, position)
        if match is None:
            raise LookupError(path)
        data = _inside(data, match[1], match[2])
        position = match.end()
    return data


def bounds_problem(found: JsonValue, bounds: Bounds) -> str | None:
    """What keeps `found` from being within `bounds`, or None."""
    for name in Bounds.model_fields:
        if name in bounds.model_fields_set and name != "within":
            why = _one_problem(name, found, bounds)
            if why is not None:
                return why
    return None


def same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two pieces of data are equal: 3 is 3.0, but true isn't 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(item, other[name]) for name, item in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def shown(data: JsonValue) -> str:
    """`data` in one short line."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "…"


def _inside(data: JsonValue, name: str | None, index: str | None) -> JsonValue:
    if name is not None and isinstance(data, Mapping):
        return data[name]
    if index is not None and isinstance(data, list | tuple):
        found: JsonValue = data[int(index)]
        return found
    raise LookupError(name or index)


def _one_problem(name: str, found: JsonValue, bounds: Bounds) -> str | None:
    asked: JsonValue = getattr(bounds, name)
    match name:
        case "equals":
            holds = same(found, asked)
        case "about":
            holds = _is_number(found) and abs(found - (bounds.about or 0.0)) <= bounds.within  # type: ignore[operator]
            asked = f"{asked} ± {bounds.within:g}"
        case "at_least":
            holds = _is_number(found) and found >= asked  # type: ignore[operator]
        case "at_most":
            holds = _is_number(found) and found <= asked  # type: ignore[operator]
        case "length":
            holds = isinstance(found, str | list | tuple | Mapping) and len(found) == asked
        case "same_items":
            holds = _same_items(found, bounds.same_items or ())  # type: ignore[arg-type]
        case _:
            holds = _contains(found, asked)
    return None if holds else f"expected {name.replace('_', ' ')} {shown(asked)}, got {shown(found)}"


def _contains(found: JsonValue, asked: JsonValue) -> bool:
    if isinstance(found, str):
        return isinstance(asked, str) and asked in found
    if isinstance(found, Mapping):
        return isinstance(asked, str) and asked in found
    return isinstance(found, list | tuple) and any(same(item, asked) for item in found)


def _same_items(found: JsonValue, asked: Sequence[JsonValue]) -> bool:
    if not isinstance(found, list | tuple):
        return False
    left = list(found)
    for item in asked:
        place = next((at for at, other in enumerate(left) if same(item, other)), None)
        if place is None:
            return False
        del left[place]
    return not left


def _is_number(data: JsonValue) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)
