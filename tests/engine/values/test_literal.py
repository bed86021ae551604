"""Literals as they are written."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from tests.engine.types.strategies import sampled
from tests.engine.values.strategies import data

from shunter.engine.types import fits, parse_type
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_type, literal_value


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (1, "int"),
        (True, "bool"),
        (1.0, "float"),
        ("x", "str"),
        (None, "Json"),
        ([], "Json"),
        ([1, 2], "list[int]"),
        ([1, "x"], "Json"),
        ([[1], [2]], "list[list[int]]"),
        ({"a": [1], "b": {}}, "{a: list[int], b: {}}"),
    ],
)
def test_a_literal_has_the_narrowest_type_of_its_own(written: object, kind: str) -> None:
    assert literal_type(written) == parse_type(kind)


@sampled
@given(data)
def test_a_literal_is_a_value_of_its_own_type(value: Value) -> None:
    kind = literal_type(value)
    assert conform(value, kind) == value
    assert fits(kind, parse_type("Json"))


@pytest.mark.parametrize("written", [datetime.date(2024, 1, 1), {1, 2}, b"x", {"a": [object()]}])
def test_what_json_has_not_is_no_literal(written: object) -> None:
    with pytest.raises(Mismatch, match="expected JSON data, got"):
        literal_value(written)


def test_a_literal_is_not_nested_without_end() -> None:
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]
    with pytest.raises(Mismatch, match="expected data of at most 100 levels, got more"):
        literal_value(nested)
