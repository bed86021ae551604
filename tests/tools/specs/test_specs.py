"""Specifications made of the catalogue, against the rules and types of those who take them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai.types.chat import ChatCompletionFunctionToolParam
from pydantic import TypeAdapter

from shunter.engine.types import parse_type
from shunter.engine.types.signature import REQUIRED, Parameter, Signature
from shunter.tools.bundled import modules_folder
from shunter.tools.catalogue import Catalogue
from shunter.tools.specs.gptscript import gptscript_text
from shunter.tools.specs.json_schema import DIALECT, json_schema
from shunter.tools.specs.openai import openai_tools
from shunter.tools.specs.schema import parameters_schema, type_schema

STRICT = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description"}
"""The keywords that strict endpoints are known to take."""

TOY = Signature(
    "toy.all",
    (
        Parameter("text", parse_type("str"), REQUIRED, "A text."),
        Parameter("number", parse_type("int"), 3, "A number."),
        Parameter("ratio", parse_type("float | None")),
        Parameter("choice", parse_type('"red" | "blue"'), "red"),
        Parameter("file", parse_type("File[audio/*]"), REQUIRED, "A sound."),
        Parameter("folders", parse_type("list[Directory]")),
        Parameter("page", parse_type("{title: str, body: File | None}")),
        Parameter("data", parse_type("Json"), REQUIRED),
        Parameter("flag", parse_type("bool"), False),
    ),
    parse_type("list[File]"),
    doc="Take all.",
    returns_doc="Files.",
)


@pytest.fixture(scope="module")
def functions() -> list[Signature]:
    """Every bundled function."""
    return list(Catalogue([modules_folder()]).values())


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside `schema`, itself included."""
    yield schema
    for inner in (*schema.get("properties", {}).values(), *schema.get("anyOf", [])):
        yield from _objects(inner)
    if "items" in schema:
        yield from _objects(schema["items"])


def _check_strict(schema: dict[str, Any]) -> None:
    assert schema["type"] == "object"
    for part in _objects(schema):
        assert set(part) <= STRICT
        assert ("type" in part) is not ("anyOf" in part)
        if part.get("type") == "object":
            assert part["required"] == list(part["properties"])
            assert part["additionalProperties"] is False
        if part.get("type") == "array":
            assert "items" in part


def test_openai_tools_are_what_the_openai_package_sends(functions: list[Signature]) -> None:
    tools: Any = openai_tools([*functions, TOY])
    adapter = TypeAdapter(list[ChatCompletionFunctionToolParam])
    assert adapter.validate_python(tools, strict=True) == tools
    for tool in tools:
        function = tool["function"]
        assert function["strict"] is True
        assert set(function["name"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
        assert len(function["name"]) <= 64
        _check_strict(function["parameters"])


def test_a_strict_schema_says_in_words_what_it_has_no_keyword_for() -> None:
    properties: Any = parameters_schema(TOY)["properties"]
    assert properties["text"] == {"type": "string", "description": "A text."}
    assert properties["number"] == {
        "anyOf": [{"type": "integer"}, {"type": "null"}],
        "description": "A number. (null: 3)",
    }
    assert properties["choice"]["anyOf"][0] == {"type": "string", "enum": ["red", "blue"]}
    assert properties["file"] == {"type": "string", "description": "A sound. (File[audio/*])"}
    assert properties["page"]["properties"]["body"]["anyOf"][1] == {"type": "null"}
    assert properties["data"]["type"] == "string"


def test_the_json_schema_is_one_document_with_arguments_and_results(functions: list[Signature]) -> None:
    document: Any = json_schema([*functions, TOY])
    assert document["$schema"] == DIALECT
    assert set(document) == {"$schema", "title", "$defs"}
    definitions = document["$defs"]
    assert len(definitions) == 2 * len([*functions, TOY])
    for signature in functions:
        schema = {name: item for name, item in definitions[signature.name].items() if name != "title"}
        _check_strict(schema)
        for part in _objects(definitions[f"{signature.name}.returns"]):
            assert set(part) <= STRICT
    assert definitions["toy.all.returns"]["type"] == "array"
    assert definitions["json.read.returns"] == {}


def test_a_secret_has_no_form() -> None:
    with pytest.raises(ValueError, match="values of Secret can't be written in JSON"):
        type_schema(parse_type("Secret"))


def test_gptscripts_form_keeps_types_defaults_and_choices_and_shares_every_tool() -> None:
    text = gptscript_text([TOY], ("/a place/python", "-m", "shunter.cli"), ("--home", "/h"))
    assert text.startswith("#!GPTSCRIPT[")
    first, tool = json.loads(text.removeprefix("#!GPTSCRIPT"))
    assert first["export"] == ["toy.all"]
    assert tool["instructions"] == (
        "#!'/a place/python' -m shunter.cli call toy.all --from-json - --handles --quiet --home /h"
    )
    arguments = tool["arguments"]
    assert arguments["required"] == ["text", "file", "folders", "page", "data"]
    assert arguments["properties"]["number"] == {
        "type": "integer",
        "description": "A number. (int)",
        "default": 3,
    }
    assert arguments["properties"]["choice"]["enum"] == ["red", "blue"]
    assert arguments["properties"]["flag"]["default"] is False
    assert tool["stdin"] is True


def test_a_secret_is_no_argument_of_a_tool_and_its_description_says_so() -> None:
    parameters = (Parameter("url", parse_type("str")), Parameter("token", parse_type("Secret | None"), None))
    signature = Signature("toy.get", parameters, parse_type("str"), doc="Get a page.")
    tool: Any = openai_tools([signature])[0]
    assert tool["function"]["parameters"]["required"] == ["url"]
    assert tool["function"]["description"] == (
        "Get a page.\n\nReturns str\n\nNot an argument, as whoever runs it gives it: the secret token"
    )
    schema: Any = json_schema([signature])
    assert list(schema["$defs"]["toy.get"]["properties"]) == ["url"]
    _, written = json.loads(gptscript_text([signature], ("shunter",)).removeprefix("#!GPTSCRIPT"))
    assert list(written["arguments"]["properties"]) == ["url"]
