"""Two tables put side by side by a common column."""

from __future__ import annotations

from collections.abc import Sequence

from .sheet import Sheet


def joined(left: Sheet, right: Sheet, *, on: str, keep_all: bool) -> Sheet:
    """The rows of `left`, each with every row of `right` that has the same value in the column `on`."""
    left_place, right_place = left.place(on), right.place(on)
    partners: dict[str, list[Sequence[str]]] = {}
    for row in right.rows:
        partners.setdefault(row[right_place], []).append(_without(row, right_place))
    nobody = [[""] * (len(right.columns) - 1)] if keep_all else []
    rows = [[*row, *partner] for row in left.rows for partner in partners.get(row[left_place], nobody)]
    return Sheet(_columns(left.columns, _without(right.columns, right_place)), rows)


def _columns(left: Sequence[str], right: Sequence[str]) -> list[str]:
    columns = list(left)
    for name in right:
        while name in columns:
            name += "_right"
        columns.append(name)
    return columns


def _without(row: Sequence[str], place: int) -> list[str]:
    return [*row[:place], *row[place + 1 :]]
