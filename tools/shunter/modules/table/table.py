"""Functions on tables in CSV files, whose first row names the columns."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from shunter.sdk import Failure, File, function

Csv = Annotated[File, "text/csv"]
JsonFile = Annotated[File, "application/json"]
Operator = Literal[
    "equals",
    "differs",
    "less",
    "at_most",
    "greater",
    "at_least",
    "contains",
    "matches",
    "is_empty",
    "is_filled",
]
Total = Literal["count", "sum", "mean", "min", "max"]


class Column(TypedDict):
    """What a column holds; the extremes are None where it is empty."""

    name: str
    kind: Literal["number", "text", "empty"]
    filled: int
    distinct: int
    smallest: str | None
    largest: str | None


@function
def select(table: Csv, columns: list[str]) -> Csv:
    """Keep some columns of a table, in the order given, and drop the others.

    Args:
        table: The table.
        columns: The names of the columns to keep.
    Returns:
        The table with these columns.
    Example:
        shunter call table.select --table people.csv --columns name --columns city --output names.csv
    """
    from .sheet import Sheet

    sheet = Sheet.read(table)
    places = [sheet.place(name) for name in columns]
    if not places:
        raise Failure("columns is empty; expected the name of one column or more")
    return Sheet(columns, [[row[place] for place in places] for row in sheet.rows]).write(table.name)


@function
def where(table: Csv, column: str, operator: Operator, value: str = "") -> Csv:
    """Filter a table: keep the rows whose value in a column meets a condition.

    Args:
        table: The table.
        column: The column to look at.
        operator: The condition. The order (less, at_most, greater, at_least) is that of numbers when both
            sides are numbers, and of text otherwise, which suits dates such as 2024-05-01. For matches, value
            is a regular expression.
        value: What to compare with; not used by is_empty and is_filled.
    Returns:
        The table with the rows that meet the condition, maybe none.
    Example:
        shunter call table.where --table people.csv --column age --operator at_least --value 18 -o adults.csv
    """
    from .condition import condition
    from .sheet import Sheet

    sheet = Sheet.read(table)
    place, is_met = sheet.place(column), condition(operator, value)
    return Sheet(sheet.columns, [row for row in sheet.rows if is_met(row[place])]).write(table.name)


@function
def sort_rows(table: Csv, by: list[str], *, descending: bool = False) -> Csv:
    """Sort the rows of a table by one or more columns.

    Args:
        table: The table.
        by: The columns to sort by, the most important first; as numbers where all values are numbers.
        descending: The greatest first. Empty values stand at the end in both orders.
    Returns:
        The sorted table; equal rows keep their order.
    Example:
        shunter call table.sort_rows --table people.csv --by age --descending true --output sorted.csv
    """
    from .sheet import Sheet

    sheet = Sheet.read(table)
    rows = sheet.rows
    for name in reversed(by):
        rows = sheet.with_rows(rows).sorted_by(name, descending=descending)
    return sheet.with_rows(rows).write(table.name)


@function
def join(left: Csv, right: Csv, on: str, kind: Literal["inner", "left"] = "inner") -> Csv:
    """Join two tables by a column that both have, like a database join or a lookup.

    Args:
        left: The first table.
        right: The second table; its columns are added to the first.
        on: The column that both tables have, compared as text.
        kind: inner drops rows of left that have no partner in right; left keeps them, with empty values.
    Returns:
        One row for each pair that fits; a column of right that left has too gets "_right" behind its name.
    Example:
        shunter call table.join --left people.csv --right cities.csv --on city --output joined.csv
    """
    from .joining import joined
    from .sheet import Sheet

    return joined(Sheet.read(left), Sheet.read(right), on=on, keep_all=kind == "left").write(left.name)


@function
def group(table: Csv, by: list[str], column: str | None = None, total: Total = "count") -> Csv:
    """Group the rows of a table and sum them up: count, sum, mean (average), min or max for each group.

    Args:
        table: The table.
        by: The columns whose values make a group; none takes the whole table as one group.
        column: The column to sum up; not needed to count rows. Empty values are left out.
        total: What to compute.
    Returns:
        One row for each group, in the order of their first rows, with a last column such as "count" or
        "sum_price".
    Example:
        shunter call table.group --table sales.csv --by city --column price --total sum --output sums.csv
    """
    from .grouping import grouped
    from .sheet import Sheet

    if column is None and total != "count":
        raise Failure(f"column is missing; expected the column to compute the {total} of")
    return grouped(Sheet.read(table), by=by, column=column, total=total).write(table.name)


@function
def describe(table: Csv) -> list[Column]:
    """Describe the columns of a table: what kind of values, how many, which extremes.

    Args:
        table: The table.
    Returns:
        For each column its name, kind, number of filled and of distinct values, smallest and largest value.
    Example:
        shunter call table.describe --table people.csv
    """
    from .sheet import Sheet

    sheet = Sheet.read(table)
    return [Column(**sheet.summary(name)) for name in sheet.columns]  # type: ignore[typeddict-item]


@function
def to_json(table: Csv) -> JsonFile:
    """Convert a table from CSV to JSON: a list with one object for each row.

    Args:
        table: The table.
    Returns:
        The rows; numbers become JSON numbers (but not 007), empty values null, the rest text.
    Example:
        shunter call table.to_json --table people.csv --output people.json
    """
    import json

    from .sheet import Sheet, typed

    sheet = Sheet.read(table)
    rows = [dict(zip(sheet.columns, map(typed, row), strict=True)) for row in sheet.rows]
    return File.write_text(f"{table.stem}.json", json.dumps(rows, ensure_ascii=False, indent=2) + "\n")


@function
def from_json(document: JsonFile) -> Csv:
    """Convert a list of objects from JSON to a table in CSV.

    Args:
        document: The JSON file: a list of objects; lists and objects inside them are written as JSON.
    Returns:
        The table, with a column for every key in the order of appearance; what is missing stays empty.
    Example:
        shunter call table.from_json --document people.json --output people.csv
    """
    from .sheet import from_objects

    return from_objects(document).write(f"{document.stem}.csv")
