"""Rows summed up by group."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from shunter.sdk import Failure

from .sheet import Sheet, number_of

TOTALS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "mean": lambda numbers: math.fsum(numbers) / len(numbers),
    "min": min,
    "max": max,
}


def grouped(sheet: Sheet, *, by: Sequence[str], column: str | None, total: str) -> Sheet:
    """One row for each combination of values of `by`, with the total of `column` behind them."""
    places = [sheet.place(name) for name in by]
    groups: dict[tuple[str, ...], list[Sequence[str]]] = {} if by else {(): []}
    for row in sheet.rows:
        groups.setdefault(tuple(row[place] for place in places), []).append(row)
    rows = [[*key, _total(sheet, members, column, total)] for key, members in groups.items()]
    return Sheet([*by, f"{total}_{column}" if column is not None else total], rows)


def _total(sheet: Sheet, rows: Sequence[Sequence[str]], column: str | None, total: str) -> str:
    if column is None:
        return str(len(rows))
    place = sheet.place(column)
    filled = [row[place] for row in rows if row[place].strip()]
    if total == "count":
        return str(len(filled))
    if not filled:
        return "0" if total == "sum" else ""
    return _shown(TOTALS[total]([_number(value, column) for value in filled]))


def _number(text: str, column: str) -> float:
    number = number_of(text)
    if number is None:
        raise Failure(f"the column {column!r} holds {text!r}; expected numbers only")
    return number


def _shown(number: float) -> str:
    """Without the noise of binary fractions: 0.1 + 0.2 is 0.3."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.12g}"
