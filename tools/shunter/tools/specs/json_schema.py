"""The catalogue as one JSON schema document: for each function, what it takes and what it returns."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Signature
from shunter.tools.specs.schema import description_of, parameters_schema, type_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(functions: Iterable[Signature]) -> dict[str, JsonValue]:
    """A schema whose `$defs` hold `NAME` (the arguments) and `NAME.returns` of every function."""
    definitions: dict[str, JsonValue] = {}
    for signature in functions:
        definitions[signature.name] = {
            "title": signature.name,
            "description": description_of(signature),
            **parameters_schema(signature),
        }
        definitions[f"{signature.name}.returns"] = type_schema(signature.returns, anything={})
    return {"$schema": DIALECT, "title": "shunter", "$defs": definitions}
