"""The table, as Markdown for people and as JSON for comparing runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from machine import Machine
from rows import Reach, Row, Skipped, Unit

HEAD = ("row", "measured", "floor", "ratio", "reach", "met", "floor is")


def markdown(rows: Sequence[Row | Skipped]) -> str:
    """`rows` as a table whose columns stand below each other."""
    lines = [HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    rule = tuple("-" * width for width in widths)
    padded = (
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        for line in (lines[0], rule, *lines[1:])
    )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def save(
    path: Path, rows: Sequence[Row | Skipped], machine: Machine, *, date: str, load_after: float
) -> None:
    """Write `rows` to `path` as JSON, with the machine; `date` is the day in ISO form."""
    data = {
        "date": date,
        "machine": {**asdict(machine), "load_after": load_after},
        "rows": [_data(row) for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n")


def _data(row: Row | Skipped) -> dict[str, object]:
    if isinstance(row, Skipped):
        return {"what": row.what, "skipped": row.reason}
    floor = None if row.floor is None else {"value": row.floor.value, "what": row.floor.what}
    return {
        "what": row.what,
        "unit": row.unit.value,
        "measured": row.measured,
        "floor": floor,
        "ratio": row.ratio,
        "reach": None if row.reach is None else {**asdict(row.reach), "most": row.reach.most(row.floor)},
        "met": row.met,
        "note": row.note,
    }


def _cells(row: Row | Skipped) -> tuple[str, ...]:
    if isinstance(row, Skipped):
        return (row.what, "–", "", "", "", "not measured", row.reason)
    floor = "" if row.floor is None else amount(row.floor.value, row.unit)
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    about = "; ".join(words for words in ("" if row.floor is None else row.floor.what, row.note) if words)
    return (row.what, amount(row.measured, row.unit), floor, ratio, *_aim(row), about)


def _aim(row: Row) -> tuple[str, str]:
    if row.reach is None:
        return "", ""
    return _reach(row.reach, row.unit), "yes" if row.met else "no"


def _reach(reach: Reach, unit: Unit) -> str:
    plus = amount(reach.plus, unit)
    if not reach.times:
        return plus
    times = "floor" if reach.times == 1 else f"{reach.times:g} ×"
    return f"{times} + {plus}" if reach.plus else times


def amount(value: float, unit: Unit) -> str:
    """`value` with three digits or so, and a unit that suits it."""
    if unit is Unit.MEBIBYTES:
        return f"{value:.0f} MiB"
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if value >= size:
            return f"{_three(value / size)} {name}"
    return f"{_three(value * 1e6)} µs"


def _three(value: float) -> str:
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"
