"""Values as JSON and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.engine.types.strategies import sampled
from tests.engine.values.strategies import data, values

from shunter.engine.digest import Digest, JsonValue, canonical_json
from shunter.engine.values import Directory, File, Value, decode, encode

DIGEST = Digest("0" * 64)


@sampled
@given(values)
def test_a_value_comes_back_from_json_text(value: Value) -> None:
    assert decode(json.loads(canonical_json(encode(value)))) == value


@sampled
@given(data)
def test_data_never_passes_itself_off_as_an_artifact(value: Value) -> None:
    assert not isinstance(decode(json.loads(canonical_json(encode(value)))), File | Directory)


def test_data_that_looks_like_a_file_stays_data() -> None:
    forged: Value = {"$file": {"name": "x", "digest": DIGEST, "size": 1}}
    assert encode(forged) == {"$map": {"$file": {"name": "x", "digest": DIGEST, "size": 1}}}
    assert decode(encode(forged)) == forged


def test_artifacts_are_encoded_by_what_they_are() -> None:
    value: Value = {"a": File("x", DIGEST, 3, executable=True), "b": (Directory(DIGEST),)}
    assert encode(value) == {
        "a": {"$file": {"name": "x", "digest": DIGEST, "size": 3, "executable": True}},
        "b": [{"$directory": DIGEST}],
    }


@pytest.mark.parametrize(
    "written",
    [
        {"$file": "x"},
        {"$file": {"name": "x", "digest": DIGEST}},
        {"$file": {"name": "x", "digest": DIGEST, "size": 1}, "more": 1},
        {"$file": {"name": "x", "digest": DIGEST, "size": 1, "more": 1}},
        {"$file": {"name": "x", "digest": DIGEST, "size": 1, "executable": "yes"}},
        {"$directory": 1},
        {"$map": [1]},
        {"$other": 1},
        [{"a": {"$file": None}}],
    ],
)
def test_what_was_never_encoded_is_refused(written: JsonValue) -> None:
    with pytest.raises(ValueError, match="not an encoded"):
        decode(written)


def test_equal_values_have_equal_bytes_whatever_the_order_of_their_fields() -> None:
    assert canonical_json({"b": 1, "a": {"d": 2, "c": 3}}) == canonical_json({"a": {"c": 3, "d": 2}, "b": 1})


def test_a_number_that_json_has_not_is_no_data() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(float("nan"))
