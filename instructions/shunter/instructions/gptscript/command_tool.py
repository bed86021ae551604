"""A `#!` tool as a function that runs in a container."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from shunter.engine import types as t
from shunter.engine.actions.model import CachePolicy
from shunter.engine.types import TypeSyntaxError, media, parse_type
from shunter.engine.types.signature import REQUIRED, Parameter, Signature
from shunter.instructions.gptscript.builtins import REFUSED, WEB
from shunter.instructions.gptscript.document import Tool
from shunter.instructions.gptscript.names import MODULE
from shunter.tools.errors import ModuleError
from shunter.tools.modules.function import OUTPUT, WORKSPACE, Access, Function, ScriptEntry
from shunter.tools.modules.source import source_files
from shunter.tools.script_call import variable_name

Report = Callable[[Tool, int, str, str], None]
"""Takes what is wrong: the tool, the line, what, and what to do instead."""

MOST_FILES = 1000
"""How many files the folder of a tool may have that is given it."""

_TAKEN = frozenset({"PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "IFS", "ENV", "BASH_ENV", "PYTHONPATH"})
"""Variables that decide what runs."""

_FORMS = {
    "http://": WEB,
    "https://": WEB,
    "GPTSCRIPT": "write its tools as text: `shunter functions` has what `shunter export` gives",
    "mcp": "write the server's calls as #! tools: steps leave nothing running",
}


def identifier(name: str) -> str:
    """`name` as a function or parameter is called."""
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
    return words if words[:1].isalpha() else f"tool_{words}".rstrip("_")


def check_command(tool: Tool, report: Report) -> bool:
    """Whether the tool's body is a command that can run in a container; says why not."""
    first = tool.body.partition("\n")[0][2:].strip()
    word = first.split()[0] if first else ""
    for form, instead in _FORMS.items():
        if first.startswith(form):
            report(tool, _body_line(tool), f"#!{form} isn't supported", instead)
            return False
    if word.startswith("sys."):
        report(
            tool,
            _body_line(tool),
            f"#!{word} isn't supported",
            REFUSED.get(word, "write it as a #!/bin/sh tool"),
        )
        return False
    if not word:
        report(tool, _body_line(tool), "#! names no interpreter", "write #!/bin/sh, or #!python3")
    return bool(word)


def command_function(name: str, tool: Tool, report: Report) -> Function:
    """The function `script.NAME`; what is off about its types goes to `report`."""
    access = _access(tool, report)
    names = {identifier(own): own for own in tool.arguments}
    _check_names(tool, names, access, report)
    kind = _returns(tool, report)
    parameters = [_parameter(key, own, tool, report) for key, own in names.items()]
    if access is not Access.NONE:
        parameters.append(Parameter(WORKSPACE, t.Optional(t.Directory()), REQUIRED, "The workspace."))
    returns = t.Record(((OUTPUT, kind), (WORKSPACE, t.Directory()))) if access is Access.WRITE else kind
    line, _, text = tool.body.partition("\n")
    return Function(
        Signature(
            f"{MODULE}.{name}",
            tuple(parameters),
            returns,
            doc=tool.description or f"The tool {tool.title} of {tool.file.name}.",
            returns_doc="What it prints.",
        ),
        ScriptEntry(
            line[2:].strip(),
            text,
            names,
            stdin=tool.stdin,
            folder=_folder(tool, report) if "GPTSCRIPT_TOOL_DIR" in tool.body else None,
            access=access,
            file_name=name + (media.extension(kind.media) if isinstance(kind, t.File) else ""),
        ),
        cache=CachePolicy.PURE if tool.cached else CachePolicy.NEVER,
    )


def retyped(function: Function, given: Mapping[str, t.Type]) -> Function:
    """The function for a call with files or folders where it says nothing but text."""
    signature = function.signature
    parameters = [
        replace(parameter, type=given[parameter.name])
        if parameter.name in given and _is_text(parameter.type)
        else parameter
        for parameter in signature.parameters
    ]
    return replace(function, signature=replace(signature, parameters=tuple(parameters)))


def _is_text(kind: t.Type) -> bool:
    return kind in (t.Str(), t.Optional(t.Str()))


def _folder(tool: Tool, report: Report) -> Path:
    """The folder that the tool's file is in, which is given to it as a whole: not somebody's whole home."""
    folder = tool.file.parent
    try:
        if sum(1 for _ in islice(source_files(folder), MOST_FILES + 1)) <= MOST_FILES:
            return folder
        message = f"{tool.title} is given the folder of its file, and more than {MOST_FILES} files are in it"
        report(tool, tool.lines.first, message, "move the script into a folder with what it needs")
    except ModuleError as error:
        report(
            tool,
            tool.lines.first,
            f"{tool.title} is given the folder of its file: {error.message}",
            error.hint or "",
        )
    return folder


def _check_names(tool: Tool, names: Mapping[str, str], access: Access, report: Report) -> None:
    variables = [variable_name(own) for own in tool.arguments]
    line = tool.lines.of("arguments")
    for own in tool.arguments:
        if variables.count(variable_name(own)) > 1 or names[identifier(own)] != own:
            report(tool, line, f"{own!r} and another argument are the same variable", "rename one of them")
            return
        if variable_name(own) in _TAKEN or not variable_name(own).isprintable() or "=" in own:
            report(
                tool, line, f"the argument {own!r} can't be the variable {variable_name(own)}", "rename it"
            )
    if WORKSPACE in names and access is not Access.NONE:
        report(tool, line, f"the argument {WORKSPACE!r} stands for the workspace", "rename it")


def _parameter(key: str, own: str, tool: Tool, report: Report) -> Parameter:
    kind = declared_type(own, tool, report) or t.Str()
    doc = tool.arguments[own]
    if "optional" in doc.lower() and not isinstance(kind, t.Optional):
        kind = t.Optional(kind)
    return Parameter(key, kind, None if isinstance(kind, t.Optional) else REQUIRED, doc)


def declared_type(name: str, tool: Tool, report: Report) -> t.Type | None:
    """The type that `Metadata: NAME: TYPE` gives an argument or the result; None where it says nothing."""
    written = tool.metadata.get(name)
    if written is None:
        return None
    try:
        kind = parse_type(written)
    except TypeSyntaxError as error:
        report(
            tool, tool.lines.of("metadata", written), str(error), "such as File[text/csv], int or list[str]"
        )
        return None
    if t.holds_secret(kind) and kind not in (t.Secret(), t.Optional(t.Secret())):
        message = f"{name} is {kind}, and a secret is an argument of its own"
        report(tool, tool.lines.of("metadata", written), message, "write Secret or Secret | None")
        return None
    return kind


def _returns(tool: Tool, report: Report) -> t.Type:
    kind = None if "returns" in tool.arguments else declared_type("returns", tool, report)
    if kind is None:
        return t.Str()
    if not (isinstance(kind, t.File) or t.is_plain(kind)):
        line = tool.lines.of("metadata", str(tool.metadata["returns"]))
        report(
            tool,
            line,
            f"what a tool prints can't be {kind}",
            "a File, text or JSON data; or use the workspace",
        )
        return t.Str()
    return kind


def _access(tool: Tool, report: Report) -> Access:
    """A tool that names the workspace may write in it, unless it says otherwise."""
    written = tool.metadata.get(WORKSPACE) if WORKSPACE not in tool.arguments else None
    if written is None:
        return Access.WRITE if "GPTSCRIPT_WORKSPACE_DIR" in tool.body else Access.NONE
    try:
        return Access(written.strip().lower())
    except ValueError:
        line = tool.lines.of("metadata", written)
        report(tool, line, f"access to the workspace can't be {written!r}", "it is none, read or write")
        return Access.NONE


def _body_line(tool: Tool) -> int:
    """The line after the header: the parser doesn't say where a body begins."""
    return max([tool.lines.first, *(line.number for line in tool.lines.header)]) + (
        1 if tool.lines.header else 0
    )
