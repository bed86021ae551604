"""Conditions on one value of a row."""

from __future__ import annotations

import re
from collections.abc import Callable

from shunter.sdk import Failure

from .sheet import number_of


def condition(operator: str, value: str) -> Callable[[str], bool]:
    """A test of a cell's text against `value`; raises Failure for a malformed pattern."""
    tests: dict[str, Callable[[str], bool]] = {
        "equals": lambda cell: _order(cell, value) == 0,
        "differs": lambda cell: _order(cell, value) != 0,
        "less": lambda cell: cell != "" and _order(cell, value) < 0,
        "at_most": lambda cell: cell != "" and _order(cell, value) <= 0,
        "greater": lambda cell: cell != "" and _order(cell, value) > 0,
        "at_least": lambda cell: cell != "" and _order(cell, value) >= 0,
        "contains": lambda cell: value in cell,
        "is_empty": lambda cell: not cell.strip(),
        "is_filled": lambda cell: bool(cell.strip()),
    }
    return _pattern_test(value) if operator == "matches" else tests[operator]


def _pattern_test(pattern: str) -> Callable[[str], bool]:
    try:
        matcher = re.compile(pattern)
    except re.error as error:
        raise Failure(f"{pattern!r} is no regular expression: {error}") from None
    return lambda cell: matcher.search(cell) is not None


def _order(cell: str, value: str) -> int:
    """-1, 0 or 1: as numbers when both are, as text otherwise."""
    left, right = number_of(cell), number_of(value)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    return (cell > value) - (cell < value)
