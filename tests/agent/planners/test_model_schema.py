"""The schema of answers, and which functions it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.agent.planners.model_yard import FUNCTIONS, GOAL, function, goal

from shunter.agent.planners.model.schema import answer_schema
from shunter.agent.planners.model.selection import select
from shunter.agent.planners.model.size import LEAST, SchemaSize, schema_size
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Signature
from shunter.tools.catalogue import Catalogue, default_search_path

MANY = {
    signature.name: signature
    for index in range(400)
    for signature in [
        function(
            f"lots.thing{index}",
            "{a: str, b: File[image/png]}",
            f"Do the thing {index}.",
            one="str",
            two="list[{x: int, y: {z: list[str]}}]",
            three=(" | ".join(f'"choice{index}-{n}"' for n in range(20)), None),
        )
    ]
} | {"speech.transcribe": FUNCTIONS["speech.transcribe"]}


def nodes(schema: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    if isinstance(schema, Mapping):
        yield schema
        for part in schema.values():
            yield from nodes(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from nodes(part)


def names(functions: tuple[Signature, ...]) -> list[str]:
    return [signature.name for signature in functions]


def properties(node: JsonValue) -> list[str]:
    found = node.get("properties") if isinstance(node, Mapping) else None
    return list(found) if isinstance(found, Mapping) else []


def branches(node: Mapping[str, JsonValue], definitions: JsonValue) -> list[JsonValue]:
    """The branches of `anyOf`, with what they refer to in their place."""
    found = node.get("anyOf")
    assert isinstance(definitions, Mapping)
    return [
        definitions[str(branch["$ref"]).rpartition("/")[2]]
        if isinstance(branch, Mapping) and "$ref" in branch
        else branch
        for branch in (found if isinstance(found, list) else [])
    ]


def test_every_object_of_the_schema_is_strict() -> None:
    schema = answer_schema(list(FUNCTIONS.values()), GOAL)
    objects = [node for node in nodes(schema) if node.get("type") == "object"]
    assert schema["type"] == "object"
    assert len(objects) > 10
    assert all(node["required"] == properties(node) for node in objects)
    assert all(node["additionalProperties"] is False for node in objects)
    assert not any({"oneOf", "pattern", "allOf"} & set(node) for node in nodes(schema))


def test_branches_begin_with_different_keys() -> None:
    schema = answer_schema(list(FUNCTIONS.values()), GOAL)
    several = [branches(node, schema["$defs"]) for node in nodes(schema) if "anyOf" in node]
    first = [[properties(branch)[0] for branch in group if properties(branch)] for group in several]
    assert [names for names in first if len(names) != len(set(names))] == []
    assert max(map(len, first)) == len(FUNCTIONS)


def test_inputs_are_offered_where_they_may_fit() -> None:
    schema = str(answer_schema([FUNCTIONS["table.rows"]], goal("", page="File", sound="File[audio/wav]")))
    assert "'input': {'type': 'string', 'enum': ['page']}" in schema


def test_few_functions_are_all_shown() -> None:
    shown = select(GOAL, FUNCTIONS, LEAST)
    assert len(shown.shown) == len(FUNCTIONS)
    assert names(shown.shown)[:2] == ["speech.transcribe", "rag.answer"]


def test_of_many_functions_those_are_shown_that_the_goal_names_and_the_schema_holds() -> None:
    shown = select(GOAL, MANY, LEAST)
    assert names(shown.shown)[0] == "speech.transcribe"
    assert 3 < len(shown.shown) < 40
    assert shown.left_out == len(MANY) - len(shown.shown)
    assert schema_size(answer_schema(shown.shown, GOAL)).within(LEAST)


def test_a_function_that_makes_what_another_one_needs_is_shown_too() -> None:
    bridge = function("odd.bridge", "File[audio/mpeg]", "Zzz.", seed="int")
    shown = select(
        goal("Transcribe things: thing 1, thing 2, thing 3"), {**MANY, "odd.bridge": bridge}, LEAST
    )
    assert "odd.bridge" in names(shown.shown)


def test_functions_that_were_called_before_are_shown_again() -> None:
    shown = select(GOAL, MANY, LEAST, always=["lots.thing399", "gone.away"])
    assert names(shown.shown)[0] == "lots.thing399"


def test_the_bundled_functions_make_a_schema_within_the_least_limits() -> None:
    catalogue = dict(Catalogue(default_search_path()[:1]))
    for text in ("Summarise the table and zip it", "", "转写录音", GOAL.text):
        asked = goal(text, recording="File[audio/wav]", table="File[text/csv]", folder="Directory")
        shown = select(asked, catalogue, LEAST)
        assert schema_size(answer_schema(shown.shown, asked)).within(LEAST)
        assert len(shown.shown) >= 10


def test_larger_limits_show_more_functions() -> None:
    catalogue = dict(Catalogue(default_search_path()[:1]))
    shown = select(GOAL, catalogue, SchemaSize(5000, 10, 1000))
    assert len(shown.shown) == len(catalogue)
    assert shown.left_out == 0


def test_functions_made_for_an_inputs_type_are_shown_even_where_no_word_names_them() -> None:
    shown = select(
        goal("thing 1 thing 2 thing 3, of what was said", talk="list[File[audio/wav]]"), MANY, LEAST
    )
    assert "speech.transcribe" in names(shown.shown)
