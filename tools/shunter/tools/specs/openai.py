"""The catalogue as tools of OpenAI-compatible endpoints, in strict mode."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Signature
from shunter.tools.specs.schema import description_of, parameters_schema


def openai_tools(functions: Iterable[Signature]) -> list[JsonValue]:
    """What `tools` of a request takes. A name is `module-function`, as no dot may be in it."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool_name(signature.name),
                "description": description_of(signature),
                "parameters": parameters_schema(signature),
                "strict": True,
            },
        }
        for signature in functions
    ]


def tool_name(function: str) -> str:
    """The tool's name; no module or function has a `-` in its own."""
    return function.replace(".", "-")
