"""Types as JSON schemas that strict endpoints take.

Every property is required, nothing additional is allowed, and no keyword is used that such endpoints refuse.
What is optional may be null; files and folders are named by handles. Secrets aren't in them: whoever runs a
function gives them, and no model does.
"""

from __future__ import annotations

from collections.abc import Mapping

from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

Schema = dict[str, JsonValue]

_SCALARS: Mapping[type[t.Type], str] = {
    t.Str: "string",
    t.Int: "integer",
    t.Float: "number",
    t.Bool: "boolean",
}


def parameters_schema(signature: Signature) -> Schema:
    """The schema of an object with every parameter but secrets; null stands for one that isn't given."""
    return _object({item.name: _parameter(item) for item in written_parameters(signature)})


def written_parameters(signature: Signature) -> list[Parameter]:
    """The parameters that a model may write."""
    return [item for item in signature.parameters if not t.holds_secret(item.type)]


JSON_TEXT: Schema = {"type": "string", "description": "JSON, as text"}
"""What stands for Json where schemas are strict: these have no `any`."""


def type_schema(kind: t.Type, *, anything: Schema = JSON_TEXT) -> Schema:
    """The schema of values of `kind`; `anything` is that of Json."""
    match kind:
        case t.Str() | t.Int() | t.Float() | t.Bool():
            return {"type": _SCALARS[type(kind)]}
        case t.Enum(choices):
            return {"type": "string", "enum": list(choices)}
        case t.ListOf(item):
            return {"type": "array", "items": type_schema(item, anything=anything)}
        case t.Optional(inner):
            return _nullable(type_schema(inner, anything=anything))
        case t.Record(fields):
            return _object({name: type_schema(field, anything=anything) for name, field in fields})
        case t.File() | t.Directory():
            return {"type": "string", "description": f"a handle of a {kind}: artifact:…"}
        case t.Json():
            return anything
    raise ValueError(f"values of {kind} can't be written in JSON")


def description_of(signature: Signature) -> str:
    """What a function does and gives back, for a model."""
    returned = f"Returns {signature.returns}" + (
        f": {signature.returns_doc}" if signature.returns_doc else ""
    )
    secrets = ", ".join(signature.secrets)
    given = f"\n\nNot an argument, as whoever runs it gives it: the secret {secrets}" if secrets else ""
    return f"{signature.doc}\n\n{returned}{given}".strip()


def _parameter(parameter: Parameter) -> Schema:
    schema = type_schema(parameter.type)
    if not parameter.required and not isinstance(parameter.type, t.Optional):
        schema = _nullable(schema)
    return {**schema, "description": _doc(parameter)}


def _doc(parameter: Parameter) -> str:
    kind = "" if t.is_scalar(parameter.type) else f" ({parameter.type})"
    default = "" if parameter.required else f" (null: {parameter.fallback_text})"
    return f"{parameter.doc}{kind}{default}".strip()


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
