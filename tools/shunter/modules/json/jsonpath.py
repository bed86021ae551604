"""Paths into JSON values: `servers[0].name`, `servers[*].name`, `["odd key"]`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from shunter.sdk import Failure

STEP = re.compile(
    r'\.?(?P<key>[^.\[\]"]+)|\[(?P<index>-?\d+)\]|\[(?P<every>\*)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]'
)
EVERY: Final = object()


def look_up(value: Any, path: str) -> Any:
    """The value at `path`; raises Failure where there is none, or when `path` is malformed."""
    return _follow(value, _steps(path), "the document")


def _steps(path: str) -> list[object]:
    """`path` as keys (text), positions (whole numbers) and EVERY."""
    rest = path.strip().removeprefix("$")
    steps: list[object] = []
    position = 0
    while position < len(rest):
        match = STEP.match(rest, position)
        if match is None:
            raise Failure(
                f"the path {path!r} can't be read at {rest[position:]!r}; expected something like a.b[0].c"
            )
        steps.append(_step(match))
        position = match.end()
    return steps


def _step(match: re.Match[str]) -> object:
    if match["every"]:
        return EVERY
    if match["index"]:
        return int(match["index"])
    return json.loads(match["quoted"]) if match["quoted"] else match["key"]


def _follow(value: Any, steps: Sequence[object], where: str) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step is EVERY:
        if not isinstance(value, list):
            raise Failure(f"{where} is {_kind(value)}; expected a list, because of [*]")
        return [_follow(item, rest, f"{where}[{index}]") for index, item in enumerate(value)]
    return _follow(
        _child(value, step, where), rest, f"{where}[{step}]" if isinstance(step, int) else f"{where}.{step}"
    )


def _child(value: Any, step: object, where: str) -> Any:
    if isinstance(step, int):
        if not isinstance(value, list):
            raise Failure(f"{where} is {_kind(value)}; expected a list, because of [{step}]")
        if not -len(value) <= step < len(value):
            raise Failure(f"{where} has {len(value)} elements; there is none at [{step}]")
        return value[step]
    if not isinstance(value, dict):
        raise Failure(f"{where} is {_kind(value)}; expected an object, because of the key {step!r}")
    if step not in value:
        raise Failure(
            f"{where} has no key {step!r}; it has {', '.join(map(repr, list(value)[:10])) or 'none'}"
        )
    return value[step]


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
