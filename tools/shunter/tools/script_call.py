"""Calls of scripts in the way of GPTScript's `#!` tools: what such a script finds in its container.

Each argument is a variable, its name in capitals with `-` and `.` as `_`; GPTSCRIPT_INPUT holds all of them
as JSON, which also comes in by stdin where the tool asks for it. Files and folders are given by their path.
The first line is a shell's, the rest a file that is named last on it. What is printed is the result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from shunter.engine import types as t
from shunter.engine.actions.model import Action, Command, Inline, Mount, ResultDocument, Returns, Stdout
from shunter.engine.actions.placing import data_at
from shunter.engine.digest import JsonValue, digest_json
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import Type
from shunter.engine.values import Directory, Value
from shunter.engine.values.conform import Mismatch
from shunter.tools.arguments import placed
from shunter.tools.modules.function import OUTPUT, WORKSPACE, Access, Function, ScriptEntry
from shunter.tools.modules.source import source_artifact

SCRIPT: Final = "/gptscript/script"
TOOL_FOLDER: Final = "/gptscript/tool"
_ADAPTER: Final = "/gptscript/in_workspace.py"
_FORMAT: Final = 1
_LONGEST: Final = (128 << 10) - 1
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")


def script_call(
    function: Function, entry: ScriptEntry, arguments: Mapping[str, Value], store: ArtifactStore
) -> Action:
    """The action for a call; raises Mismatch for text that no variable can hold."""
    folder = source_artifact(entry.folder, store) if entry.folder is not None else None
    given = _given(entry, arguments)
    text = json.dumps(given, ensure_ascii=False)
    writes = entry.access is Access.WRITE
    adapter = Path(__file__).with_name("in_workspace.py").read_bytes() if writes else b""
    inline = [Inline(SCRIPT, entry.text.encode())] if entry.text.strip() else []
    return Action(
        label=function.signature.name,
        identity=digest_json(
            [
                "script",
                _FORMAT,
                entry.interpreter,
                entry.text,
                dict(entry.names),
                entry.stdin,
                folder.digest if folder is not None else None,
                entry.access.value,
                adapter.decode(),
                entry.file_name,
            ]
        ),
        arguments=arguments,
        command=Command(
            _words(entry, function.signature.returns),
            (*_places(entry, arguments), *_variables(entry, given, text)),
            text.encode() if entry.stdin else None,
        ),
        returns=Returns(function.signature.returns, ResultDocument() if writes else Stdout(entry.file_name)),
        mounts=(*placed(arguments), *_folder_mount(folder)),
        inline=(*inline, *([Inline(_ADAPTER, adapter)] if writes else [])),
        limits=function.limits,
        cache=function.cache,
        ttl=function.ttl,
    )


def _words(entry: ScriptEntry, returns: Type) -> tuple[str, ...]:
    """The first line is read by a shell, as GPTScript has it read."""
    script = (
        (f'exec {entry.interpreter} "$0"', SCRIPT) if entry.text.strip() else (f"exec {entry.interpreter}",)
    )
    words = ("/bin/sh", "-c", *script)
    if entry.access is not Access.WRITE:
        return words
    output = returns.field(OUTPUT) if isinstance(returns, t.Record) else None
    form = "text" if isinstance(output, t.Str) else entry.file_name if isinstance(output, t.File) else "json"
    return ("/usr/bin/python3", "-B", "-P", "-S", _ADAPTER, form, *words)


def _given(entry: ScriptEntry, arguments: Mapping[str, Value]) -> dict[str, JsonValue]:
    """What was given, under the script's own names, with paths for artifacts."""
    return {
        own: _at_paths(data_at(arguments[name], f"/in/{name}"))
        for name, own in entry.names.items()
        if arguments[name] is not None
    }


def _at_paths(data: JsonValue) -> JsonValue:
    match data:
        case {"$file": str(path)} | {"$directory": str(path)} | {"$secret": str(path)}:
            return path
        case {"$map": Mapping() as fields}:
            return {name: _at_paths(item) for name, item in fields.items()}
        case Mapping():
            return {name: _at_paths(item) for name, item in data.items()}
        case list():
            return [_at_paths(item) for item in data]
    return data


def _places(entry: ScriptEntry, arguments: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Without a workspace of its own, a script has the folder that it starts in."""
    reads = entry.access is Access.READ and arguments[WORKSPACE] is not None
    yield "GPTSCRIPT_TOOL_DIR", TOOL_FOLDER
    yield (
        "GPTSCRIPT_WORKSPACE_DIR",
        f"/out/{WORKSPACE}" if entry.access is Access.WRITE else f"/in/{WORKSPACE}" if reads else "/work",
    )


def _variables(entry: ScriptEntry, given: Mapping[str, JsonValue], text: str) -> Iterator[tuple[str, str]]:
    own = [(variable_name(name), _text(value), name) for name, value in given.items()]
    for variable, value, name in [*own, ("GPTSCRIPT_INPUT", text, "the arguments")]:
        if _UNFIT.search(value):
            raise Mismatch(name, "text that a variable can hold", "a NUL or half a character")
        if len(value.encode()) <= _LONGEST:
            yield variable, value
        elif not entry.stdin:
            wanted = "at most 128 KiB in a variable (a File, or `Stdin: true`, has no such limit)"
            raise Mismatch(name, wanted, f"{len(value.encode())} bytes")


def variable_name(name: str) -> str:
    """The variable that an argument called `name` is in."""
    return name.upper().replace("-", "_").replace(".", "_")


def _text(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _folder_mount(folder: Directory | None) -> Iterator[Mount]:
    if folder is not None:
        yield Mount(TOOL_FOLDER, folder)
