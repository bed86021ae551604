"""JSON documents put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shunter.sdk import Failure


def merged(documents: Sequence[tuple[str, Any]]) -> Any:
    """All of `documents`, each given with its name, as one; raises Failure when they don't fit."""
    if not documents:
        raise Failure("there is nothing to merge: no document was given")
    name: str = documents[0][0]
    whole: Any = documents[0][1]
    kind = type(whole)
    if kind not in (dict, list):
        raise Failure(f"{name} is neither an object nor a list")
    for other, value in documents[1:]:
        if type(value) is not kind:
            raise Failure(
                f"{other} can't be merged with {name}: expected both to be objects, or both to be lists"
            )
        whole = _joined(whole, value)
    return whole


def _joined(first: Any, second: Any) -> Any:
    return first + second if isinstance(first, list) else _united(first, second)


def _united(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    whole = dict(first)
    for key, value in second.items():
        before = whole.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = _united(before, value)
        whole[key] = value
    return whole
