"""What a model wrote, held against a JSON schema."""

from __future__ import annotations

import json
import re

from fastjsonschema import JsonSchemaDefinitionException, JsonSchemaException
from fastjsonschema import compile as compiled

from shunter.sdk import Failure, Json

_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def checked(answer: str, schema: Json) -> Json:
    """The data in an answer, also where it stands in a fence; raises Failure where it isn't of `schema`."""
    if not isinstance(schema, dict):
        raise Failure("the schema is no JSON object")
    fenced = _FENCED.search(answer)
    try:
        data = json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError):
        raise Failure(f"the model didn't answer with JSON; it began with {answer[:80]!r}") from None
    try:
        return compiled(schema)(data)
    except JsonSchemaDefinitionException as error:
        raise Failure(f"the schema is none: {error}") from None
    except JsonSchemaException as error:
        raise Failure(f"the model's answer isn't of the schema: {error}") from None
