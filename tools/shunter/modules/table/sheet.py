"""A table in memory, read from CSV and written to CSV."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Sequence

from shunter.sdk import Failure, File

DELIMITERS = ",;\t|"
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")

csv.field_size_limit(1 << 30)


class Sheet:
    """Columns by name, and rows with one text for each column."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.columns = columns
        self.rows = rows

    @classmethod
    def read(cls, file: File) -> Sheet:
        """The table in a CSV file, whose delimiter is the most frequent of , ; tab | in the first line.

        Raises Failure when a row has more values than there are columns, or a column has no name of its own.
        """
        text = file.read_text()
        first = text.split("\n", 1)[0]
        delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            records = [(reader.line_num, record) for record in reader if record]
        except csv.Error as error:
            raise Failure(f"{file.name}, line {reader.line_num} isn't CSV: {error}") from None
        if not records:
            raise Failure(f"{file.name} is empty; expected a first row with the names of the columns")
        columns = records[0][1]
        _check_columns(file, columns)
        return cls(columns, [_filled(file, line, record, len(columns)) for line, record in records[1:]])

    def write(self, name: str) -> File:
        """The table as a CSV file called `name`, with commas and line feeds."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return File.write_text(name, buffer.getvalue())

    def with_rows(self, rows: Sequence[Sequence[str]]) -> Sheet:
        """The same columns with other rows."""
        return Sheet(self.columns, rows)

    def place(self, column: str) -> int:
        """The position of `column`; raises Failure when there is none."""
        if column not in self.columns:
            raise Failure(
                f"there is no column {column!r}; the table has {', '.join(map(repr, self.columns))}"
            )
        return list(self.columns).index(column)

    def sorted_by(self, column: str, *, descending: bool) -> list[Sequence[str]]:
        """The rows in the order of `column`, the empty ones at the end."""
        place = self.place(column)
        filled = [row for row in self.rows if row[place].strip()]
        numbers = [number_of(row[place]) for row in filled]
        if all(number is not None for number in numbers):
            filled.sort(key=lambda row: number_of(row[place]) or 0.0, reverse=descending)
        else:
            filled.sort(key=lambda row: row[place], reverse=descending)
        return [*filled, *(row for row in self.rows if not row[place].strip())]

    def summary(self, column: str) -> dict[str, object]:
        """What `column` holds: name, kind, filled, distinct, smallest and largest."""
        place = self.place(column)
        ordered = [row[place] for row in self.sorted_by(column, descending=False) if row[place].strip()]
        is_number = all(number_of(value) is not None for value in ordered)
        return {
            "name": column,
            "kind": ("number" if is_number else "text") if ordered else "empty",
            "filled": len(ordered),
            "distinct": len(set(ordered)),
            "smallest": ordered[0] if ordered else None,
            "largest": ordered[-1] if ordered else None,
        }


def number_of(text: str) -> float | None:
    """The number that `text` is, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def typed(text: str) -> str | int | float | None:
    """`text` as JSON knows it: a number when it is written like one, None when empty."""
    if not text:
        return None
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return text
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def from_objects(document: File) -> Sheet:
    """The table in a JSON file that holds a list of objects; raises Failure for anything else."""
    try:
        data = json.loads(document.read_text())
    except (ValueError, RecursionError) as error:
        raise Failure(f"{document.name} isn't JSON: {error}") from None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise Failure(f"{document.name} is no table; expected a list of objects")
    columns = list(dict.fromkeys(key for item in data for key in item))
    return Sheet(columns, [[_text(item.get(key)) for key in columns] for item in data])


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _check_columns(file: File, columns: Sequence[str]) -> None:
    for name in columns:
        if not name or columns.count(name) > 1:
            found = f"the column {name!r} twice" if name else "a column without a name"
            raise Failure(
                f"{file.name} has {found}; expected a first row with a name of its own for each column"
            )


def _filled(file: File, line: int, record: list[str], width: int) -> list[str]:
    if len(record) > width:
        raise Failure(
            f"{file.name}, line {line} has {len(record)} values; expected {width}, one for each column"
        )
    return record + [""] * (width - len(record))
