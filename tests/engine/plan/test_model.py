"""The plan's model and its published schema."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError
from tests.engine.plan.strategies import expressions, plan_data
from tests.engine.types.strategies import sampled

from shunter.engine.plan.expression import (
    Fields,
    Items,
    Literal,
    Reference,
    read_expression,
    references,
    write_expression,
)
from shunter.engine.plan.model import Plan, plan_schema

SCHEMA = plan_schema()
KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def _matches(data: Any, schema: dict[str, Any]) -> bool:
    """As much of JSON Schema as the plan's schema uses."""
    if "$ref" in schema:
        return _matches(data, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    checks = [
        "type" not in schema or isinstance(data, KINDS[schema["type"]]),
        "exclusiveMinimum" not in schema
        or (isinstance(data, int | float) and data > schema["exclusiveMinimum"]),
        "const" not in schema or data == schema["const"],
        "anyOf" not in schema or any(_matches(data, choice) for choice in schema["anyOf"]),
        "pattern" not in schema or (isinstance(data, str) and re.search(schema["pattern"], data) is not None),
    ]
    if isinstance(data, list) and "items" in schema:
        checks += [_matches(item, schema["items"]) for item in data]
    if isinstance(data, dict):
        checks += [name in data for name in schema.get("required", ())]
        checks += [_field_matches(name, item, schema) for name, item in data.items()]
    return all(checks)


def _field_matches(name: str, item: Any, schema: dict[str, Any]) -> bool:
    if name in schema.get("properties", {}):
        return _matches(item, schema["properties"][name])
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return _matches(item, inner)
    more = schema.get("additionalProperties", True)
    return _matches(item, more) if isinstance(more, dict) else more


@sampled
@given(plan_data)
def test_what_is_a_plan_has_the_published_schema(data: dict[str, Any]) -> None:
    Plan.model_validate(data)
    assert _matches(data, SCHEMA)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"version": 2, "steps": []},
        {"version": 1, "steps": {}},
        {"version": 1, "steps": [], "more": 1},
        {"version": 1, "steps": [{"id": "a"}]},
        {"version": 1, "steps": [{"id": "1", "call": "a.b"}]},
        {"version": 1, "steps": [{"id": "a", "call": "a.b", "with_": {}}]},
        {"version": 1, "steps": [], "inputs": {"a": {}}},
        {"version": 1, "steps": [], "requires": {"hosts": [1]}},
    ],
)
def test_what_is_no_plan_has_not(data: dict[str, Any]) -> None:
    assert not _matches(data, SCHEMA)
    with pytest.raises(ValidationError):
        Plan.model_validate(data)


@sampled
@given(expressions)
def test_an_expression_comes_back_from_its_data(data: Any) -> None:
    expression = read_expression(data)
    assert read_expression(write_expression(expression)) == expression


@pytest.mark.parametrize(
    ("data", "expression"),
    [
        ({"from": "a.b.c"}, Reference("a", ("b", "c"))),
        ([1, {"x": 2}], Literal([1, {"x": 2}])),
        ([1, {"from": "a"}], Items((Literal(1), Reference("a")))),
        ({"x": {"from": "a"}, "y": 1}, Fields((("x", Reference("a")), ("y", Literal(1))))),
        ({"literal": {"from": "a"}}, Literal({"from": "a"})),
        ({"literal": 1, "more": 2}, Literal({"literal": 1, "more": 2})),
    ],
)
def test_data_with_a_reference_inside_is_no_literal(data: Any, expression: object) -> None:
    assert read_expression(data) == expression


def test_the_references_of_an_expression_are_found_in_order() -> None:
    expression = read_expression([{"from": "b"}, {"x": [{"from": "a.f"}, 1]}, {"from": "b"}])
    assert [str(reference) for reference in references(expression)] == ["b", "a.f", "b"]
