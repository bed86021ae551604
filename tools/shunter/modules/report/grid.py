"""A table to show: read from CSV, written as HTML or Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from shunter.sdk import Failure, File

from .page import escaped

DELIMITERS = ",;\t|"
NUMBER = re.compile(r"[-+\u2212]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d+)?\s?%?")
BREAKS = re.compile(r"\s*[\r\n]+\s*")

# Letters on both sides make an underscore harmless, as in file_name; an ampersand matters in an entity.
MARKS = re.compile(r"[\\|`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")

csv.field_size_limit(1 << 30)


class Grid:
    """Names of columns, and rows with one text for each."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.columns = columns
        self.rows = rows
        self.numeric = [self._is_numeric(place) for place in range(len(columns))]

    @classmethod
    def read(cls, file: File) -> Grid:
        """The table in a CSV file, whose delimiter is the most frequent of , ; tab | in the first line.

        Raises Failure for an empty file, and for a row with more values than there are columns.
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
        return cls(columns, [_filled(file, line, record, len(columns)) for line, record in records[1:]])

    def html(self, name: str) -> str:
        """The table as HTML; `name` is what a screen reader calls it."""
        label = escaped(name)
        head = "".join(
            f'<th scope="col"{side}>{escaped(column)}</th>'
            for column, side in zip(self.columns, self._sides(), strict=True)
        )
        count = f"{len(self.rows):,} {'row' if len(self.rows) == 1 else 'rows'}"
        return (
            f'<div class="table" role="group" aria-label="{label}" tabindex="0">\n<table>\n'
            f"<caption>{count}</caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n"
            + "".join(self._html_row(row) for row in self.rows)
            + "</tbody>\n</table>\n</div>\n"
        )

    def markdown(self) -> str:
        """The table as Markdown, in GitHub's way."""
        rule = ["---:" if numeric else "---" for numeric in self.numeric]
        lines = [map(_cell, self.columns), rule, *(map(_cell, row) for row in self.rows)]
        return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

    def _is_numeric(self, place: int) -> bool:
        values = [row[place].strip() for row in self.rows if row[place].strip()]
        return bool(values) and all(NUMBER.fullmatch(value) for value in values)

    def _html_row(self, row: Sequence[str]) -> str:
        cells = zip(row, self._sides(), strict=True)
        return f"<tr>{''.join(f'<td{side}>{escaped(value)}</td>' for value, side in cells)}</tr>\n"

    def _sides(self) -> list[str]:
        return [' class="number"' if numeric else "" for numeric in self.numeric]


def _cell(value: str) -> str:
    """A value in one line, its marks escaped."""
    return MARKS.sub(lambda mark: f"\\{mark[0]}", BREAKS.sub(" ", value.strip()))


def _filled(file: File, line: int, record: list[str], width: int) -> list[str]:
    if len(record) > width:
        raise Failure(
            f"{file.name}, line {line} has {len(record)} values; expected {width}, one for each column"
        )
    return record + [""] * (width - len(record))
