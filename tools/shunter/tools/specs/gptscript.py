"""The catalogue as tools of GPTScript, in the JSON form, which keeps types.

Each tool calls shunter by its absolute path, takes its arguments by stdin, and prints handles for files and
folders: a model passes handles on and never sees the bytes. The first tool shares all others, so
`Tools: ./FILE` names them all, and `Tools: speech.transcribe from ./FILE` one.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence

from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Signature
from shunter.tools.specs.schema import description_of, type_schema, written_parameters

_MARK = "#!GPTSCRIPT"


def gptscript_text(
    functions: Iterable[Signature], shunter: Sequence[str], options: Sequence[str] = ()
) -> str:
    """The file. `shunter` are the words that start it, `options` those that every call gets."""
    tools = [_tool(signature, shunter, options) for signature in functions]
    names = [str(tool["name"]) for tool in tools]
    about = "Functions that run in containers. Files and folders are named by handles: artifact:…"
    first: dict[str, JsonValue] = {"name": "shunter", "description": about, "export": names}
    return _MARK + json.dumps([first, *tools], indent=1, ensure_ascii=False) + "\n"


def _tool(signature: Signature, shunter: Sequence[str], options: Sequence[str]) -> dict[str, JsonValue]:
    words = [*shunter, "call", signature.name, "--from-json", "-", "--handles", "--quiet", *options]
    return {
        "name": signature.name,
        "description": description_of(signature),
        "arguments": _arguments(signature),
        "stdin": True,
        "instructions": f"#!{shlex.join(words)}",
    }


def _arguments(signature: Signature) -> dict[str, JsonValue]:
    """GPTScript's schemas know `required` and `default`, so nothing has to be null."""
    properties: dict[str, JsonValue] = {}
    for item in written_parameters(signature):
        about = " ".join(part for part in (item.doc, f"({item.type})") if part)
        default = (
            {} if item.required or item.fallback is None else {"default": json.loads(item.fallback_text)}
        )
        properties[item.name] = {**type_schema(item.type), "description": about, **default}
    required = [item.name for item in written_parameters(signature) if item.required]
    return {"type": "object", "properties": properties, "required": required}
