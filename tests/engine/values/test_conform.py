"""Values against types."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.engine.types.strategies import sampled
from tests.engine.values.strategies import data, values

from shunter.engine.digest import Digest
from shunter.engine.types import Json, parse_type
from shunter.engine.values import Directory, File, Secret, Value, artifacts
from shunter.engine.values.conform import Mismatch, conform

FILE = File("a.txt", Digest("0" * 64), 3)
FOLDER = Directory(Digest("1" * 64))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("x", "str", "x"),
        (None, "str | None", None),
        (3, "float", 3.0),
        (3.0, "int", 3),
        ((1, 2.5), "list[float]", (1.0, 2.5)),
        ("a", '"a" | "b"', "a"),
        ({"a": 1, "more": 2}, "{a: int}", {"a": 1}),
        ({"a": 1}, "{a: int, b: str | None}", {"a": 1, "b": None}),
        ({"file": FILE}, "{file: File[text/plain]}", {"file": FILE}),
        (FOLDER, "Directory", FOLDER),
        ({"any": (1, None, True)}, "Json", {"any": (1, None, True)}),
        (None, "Json", None),
        ((), "list[File]", ()),
    ],
)
def test_a_value_becomes_one_of_its_type(value: Value, kind: str, expected: Value) -> None:
    conformed = conform(value, parse_type(kind))
    assert conformed == expected
    assert repr(conformed) == repr(expected), "1, 1.0 and True are equal and not the same"


@sampled
@given(data)
def test_what_has_become_one_of_its_type_stays_as_it_is(value: Value) -> None:
    assert conform(conform(value, Json()), Json()) == value


@sampled
@given(values)
def test_json_holds_no_artifacts(value: Value) -> None:
    if any(artifacts(value)):
        with pytest.raises(Mismatch):
            conform(value, Json())
    else:
        assert conform(value, Json()) == value


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (True, "int", "expected int, got bool true"),
        (1, "bool", "expected bool, got int 1"),
        (1.5, "int", "expected int, got float 1.5"),
        (float("inf"), "float", "expected float, got float inf"),
        ("1", "int", "expected int, got str '1'"),
        (None, "str", "expected str, got null"),
        ("x" * 99, "int", f"expected int, got str '{'x' * 57}'…"),
        ("x", "list[str]", "expected list[str], got str 'x'"),
        (("a", 1), "list[str]", "[1]: expected str, got int 1"),
        ({"a": {"b": (1, "x")}}, "{a: {b: list[int]}}", ".a.b[1]: expected int, got str 'x'"),
        ({}, "{a: int}", "expected {a: int}, got a record without a"),
        ((), "{a: int}", "expected {a: int}, got a list of 0"),
        ({"x": 1}, "str", "expected str, got a record with x"),
        (FILE, "str", "expected str, got File 'a.txt'"),
        ("a.txt", "File", "expected File, got str 'a.txt'"),
        (FILE, "Directory", "expected Directory, got File 'a.txt'"),
        (FOLDER, "File", "expected File, got Directory"),
        ({"a": FILE}, "Json", "expected Json, got a record with a"),
        ({"a": (float("nan"),)}, "Json", "expected Json, got a record with a"),
        (Secret("env:A"), "str", "expected str, got Secret"),
        ({"a": Secret("env:A")}, "Json", "expected Json, got a record with a"),
        (5, "Secret", "expected Secret (env:NAME, file:PATH or cmd:COMMAND), got int 5"),
        (
            "hunter2",
            "Secret",
            "expected Secret (env:NAME, file:PATH or cmd:COMMAND), got text of 7 characters that names no source",
        ),
    ],
)
def test_a_value_of_another_type_is_refused_and_named(value: Value, kind: str, message: str) -> None:
    with pytest.raises(Mismatch) as caught:
        conform(value, parse_type(kind))
    assert str(caught.value) == message


def test_a_choice_that_is_none_gets_the_ones_that_are_close() -> None:
    with pytest.raises(Mismatch) as close:
        conform("germn", parse_type('"german" | "english"'))
    with pytest.raises(Mismatch) as far:
        conform("?", parse_type('"german" | "english"'))
    assert (close.value.candidates, far.value.candidates) == (("german",), ("german", "english"))


def test_the_artifacts_of_a_value_are_found_in_order() -> None:
    value: Value = {"a": (FILE, {"b": FOLDER}), "c": FILE, "d": "x"}
    assert list(artifacts(value)) == [FILE, FOLDER, FILE]
