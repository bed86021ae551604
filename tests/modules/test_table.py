"""table: columns, rows, order, joins, groups, and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]


@pytest.fixture
def people(write: Write) -> Path:
    return write("people.csv", "name,age,city\nAda,36,London\nBob,9,Paris\nCy,,Paris\nDee,100,\n")


def _rows(table: Path) -> list[str]:
    return table.read_text().splitlines()


def test_columns_are_chosen_and_put_in_order(call: Call, people: Path) -> None:
    found = call("table.select", table=people, columns=["city", "name"])
    assert (found.name, _rows(found)[:2]) == ("people.csv", ["city,name", "London,Ada"])


def test_an_unknown_column_is_named_with_those_that_there_are(call: Call, people: Path) -> None:
    with pytest.raises(CallFailed, match=r"^there is no column 'town'; the table has 'name', 'age', 'city'$"):
        call("table.select", table=people, columns=["town"])


@pytest.mark.parametrize(
    ("column", "operator", "value", "names"),
    [
        ("age", "at_least", "36", ["Ada", "Dee"]),
        ("age", "greater", "36", ["Dee"]),
        ("age", "less", "36", ["Bob"]),
        ("age", "at_most", "36.0", ["Ada", "Bob"]),
        ("age", "equals", "36.0", ["Ada"]),
        ("city", "differs", "Paris", ["Ada", "Dee"]),
        ("city", "contains", "on", ["Ada"]),
        ("name", "matches", "^[AB]", ["Ada", "Bob"]),
        ("age", "is_empty", "", ["Cy"]),
        ("city", "is_filled", "", ["Ada", "Bob", "Cy"]),
        ("city", "equals", "Rome", []),
    ],
)
def test_rows_are_filtered(
    call: Call, people: Path, column: str, operator: str, value: str, names: list[str]
) -> None:
    found = call("table.where", table=people, column=column, operator=operator, value=value)
    assert [row.split(",")[0] for row in _rows(found)] == ["name", *names]


def test_rows_are_sorted_as_numbers_or_text_with_empty_ones_last(call: Call, people: Path) -> None:
    def names(**arguments: object) -> list[str]:
        return [row.split(",")[0] for row in _rows(call("table.sort_rows", table=people, **arguments))[1:]]

    assert names(by=["age"]) == ["Bob", "Ada", "Dee", "Cy"]
    assert names(by=["age"], descending=True) == ["Dee", "Ada", "Bob", "Cy"]
    assert names(by=["city", "name"], descending=True) == ["Cy", "Bob", "Ada", "Dee"]


def test_tables_are_joined(call: Call, people: Path, write: Write) -> None:
    cities = write("cities.csv", "city;country;name\nParis;FR;P\nParis;US;T\nLondon;UK;L\n")
    inner = _rows(call("table.join", left=people, right=cities, on="city"))
    assert inner[0] == "name,age,city,country,name_right"
    assert inner[1:4] == ["Ada,36,London,UK,L", "Bob,9,Paris,FR,P", "Bob,9,Paris,US,T"]
    left = _rows(call("table.join", left=people, right=cities, on="city", kind="left"))
    assert left[-1] == "Dee,100,,,"


def test_groups_are_summed_up(call: Call, people: Path) -> None:
    def rows(**arguments: object) -> list[str]:
        return _rows(call("table.group", table=people, **arguments))

    assert rows(by=["city"]) == ["city,count", "London,1", "Paris,2", ",1"]
    assert rows(by=["city"], column="age", total="sum") == ["city,sum_age", "London,36", "Paris,9", ",100"]
    assert rows(by=[], column="age", total="mean") == ["mean_age", "48.3333333333"]
    assert rows(by=[], column="age", total="count") == ["count_age", "3"]
    with pytest.raises(CallFailed, match="the column 'name' holds 'Ada'; expected numbers only"):
        rows(by=[], column="name", total="max")


def test_columns_are_described(call: Call, people: Path) -> None:
    age = call("table.describe", table=people)[1]
    assert age == {
        "name": "age",
        "kind": "number",
        "filled": 3,
        "distinct": 3,
        "smallest": "9",
        "largest": "100",
    }


def test_tables_turn_into_json_and_back(call: Call, write: Write) -> None:
    table = write("a.csv", 'id,zip,price,note\n1,007,2.50,"a, ""b""\nc"\n2,,1e3,\n')
    document = call("table.to_json", table=table)
    rows = json.loads(document.read_text())
    assert document.name == "a.json"
    assert rows[0] == {"id": 1, "zip": "007", "price": 2.5, "note": 'a, "b"\nc'}
    assert rows[1] == {"id": 2, "zip": None, "price": 1000.0, "note": None}
    back = call("table.from_json", document=document)
    assert back.read_text() == 'id,zip,price,note\n1,007,2.5,"a, ""b""\nc"\n2,,1000.0,\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"is empty; expected a first row"),
        ("a,a\n", r"has the column 'a' twice"),
        ("a,\n", r"has a column without a name"),
        ("a,b\n1,2,3\n", r"line 2 has 3 values; expected 2"),
        ('a,b\n"x\n', r"line 2 isn't CSV"),
    ],
)
def test_what_is_no_table_is_refused(call: Call, write: Write, text: str, message: str) -> None:
    with pytest.raises(CallFailed, match=rf"^broken\.csv.*{message}"):
        call("table.select", table=write("broken.csv", text), columns=["a"])
