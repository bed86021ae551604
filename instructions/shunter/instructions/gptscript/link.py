"""Linking: every name under `Tools:` to what it stands for, in all files that a script refers to.

All that is wrong is reported at once, each with its file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shunter.engine.types import Type
from shunter.instructions.gptscript import builtins
from shunter.instructions.gptscript.command_tool import (
    check_command,
    command_function,
    declared_type,
    identifier,
)
from shunter.instructions.gptscript.document import Parse, Script, Tool
from shunter.instructions.gptscript.errors import Finding, ScriptRefused
from shunter.instructions.gptscript.keys import REFUSED, UNUSED, close_key
from shunter.instructions.gptscript.library import Library
from shunter.instructions.gptscript.program import Program
from shunter.instructions.gptscript.reference import read_reference
from shunter.instructions.gptscript.resolve import Found, Resolver
from shunter.tools.catalogue import Catalogue
from shunter.tools.modules.function import Access, Function, ScriptEntry

GLUE = ("text.from_string", "text.to_string")
"""Always allowed: GPTScript's tools hand on text, and functions take files as well."""

DEEPEST = 50
"""How many tools may stand between the first one and one that is named."""


def link(path: Path, parse: Parse, catalogue: Catalogue) -> Program:
    """The program in the file at `path`; raises ScriptRefused, and InputError where the file isn't there."""
    linker = _Linker(parse, catalogue, path)
    return linker.program()


class _Linker:
    def __init__(self, parse: Parse, catalogue: Catalogue, path: Path) -> None:
        self._catalogue = catalogue
        self._path = path
        self._library = Library(parse, Path.cwd())
        self._findings: list[Finding] = []
        self._resolver = Resolver(catalogue, self._library, self._report, self._findings.append)
        self._notes: list[str] = []
        self._seen: set[tuple[Path, int]] = set()

    def program(self) -> Program:
        script = self._library.open(self._path)
        if isinstance(script, Finding):
            raise ScriptRefused(self._library.shown(self._path), [script])
        entry = script.tools[0]
        found = self._visit(entry, script, ())
        functions, allowed = self._functions(entry, found)
        types = self._types(entry)
        if self._findings:
            raise ScriptRefused(self._library.shown(self._path), self._findings)
        built_in = any(name.startswith("sys.") for name in allowed)
        return Program(
            self._path,
            entry,
            allowed,
            functions,
            types,
            _access(functions, allowed),
            self._library.texts,
            builtins.builtin_module() if built_in else None,
            tuple(self._notes),
        )

    def _report(self, tool: Tool, line: int, message: str, instead: str = "") -> None:
        self._findings.append(Finding(self._library.shown(tool.file), line, message, instead))

    def _types(self, entry: Tool) -> Mapping[str, Type]:
        declared = {own: declared_type(own, entry, self._report) for own in entry.arguments}
        return {identifier(own): kind for own, kind in declared.items() if kind is not None}

    def _functions(self, entry: Tool, found: list[Found]) -> tuple[dict[str, Function], frozenset[str]]:
        """The script's own functions by short name, and the names of all that it may call."""
        own = [Found(entry.name or self._path.stem, entry)] if entry.is_command else []
        own += [item for item in found if item.tool is not None] if not entry.is_command else []
        functions: dict[str, Function] = {}
        for item in own:
            assert item.tool is not None
            name = _free(identifier(item.name), functions)
            if check_command(item.tool, self._report):
                functions[name] = command_function(name, item.tool, self._report)
        allowed = {function.signature.name for function in functions.values()}
        if not entry.is_command:
            allowed |= {item.name for item in found if item.tool is None}
            allowed |= {name for name in GLUE if name in self._catalogue}
        return functions, frozenset(allowed)

    def _visit(self, tool: Tool, script: Script, way: tuple[Tool, ...]) -> list[Found]:
        """Check a tool, and everything that it names; what it names."""
        self._seen.add(_place(tool))
        self._check_names(script)
        self._check_header(tool)
        self._check_kind(tool, is_entry=not way)
        if tool.is_command:
            check_command(tool, self._report)
            command_function(identifier(tool.title), tool, self._report)  # for what it finds
        found: list[Found] = []
        for written in tool.tools:
            for item in self._resolver.resolve(read_reference(written), tool, script):
                found += [item] if item not in found else []
                if item.tool is not None and item.script is not None:
                    self._follow(item.tool, item.script, (*way, tool), written)
        return found

    def _follow(self, tool: Tool, script: Script, way: tuple[Tool, ...], written: str) -> None:
        if any(_place(earlier) == _place(tool) for earlier in way):
            start = [_place(earlier) for earlier in way].index(_place(tool))
            names = " → ".join([*(earlier.title for earlier in way[start:]), tool.title])
            line = way[-1].lines.of("tools", written)
            self._report(
                way[-1], line, f"tools name each other in a ring: {names}", "take one of the names out"
            )
        elif len(way) >= DEEPEST:
            line = way[-1].lines.of("tools", written)
            self._report(
                way[-1], line, f"tools name tools more than {DEEPEST} levels deep", "name fewer of them"
            )
        elif _place(tool) not in self._seen:
            self._visit(tool, script, way)

    def _check_header(self, tool: Tool) -> None:
        for line in tool.lines.unknown:
            close = close_key(line.written)
            meant = f"did you mean `{close}:`?" if close else "`Metadata: KEY: VALUE` is for keys of your own"
            self._report(
                tool, line.number, f"GPTScript has no key `{line.written}`, and passes it over", meant
            )
        for name in sorted(tool.settings):
            key, instead = REFUSED.get(name) or UNUSED.get(name) or (name, "leave it out")
            line_number = tool.lines.of(key)
            if name in UNUSED:
                self._notes.append(
                    f"{self._library.shown(tool.file)}, line {line_number}: {key} is left out; {instead}"
                )
            else:
                self._report(tool, line_number, f"`{key}` isn't supported", instead)

    def _check_names(self, script: Script) -> None:
        names = [tool.name.lower() for tool in script.tools]
        for position, tool in enumerate(script.tools):
            if not tool.name and position:
                message = "a tool without a name can't be called"
                self._report(tool, tool.lines.first, message, "give it one (Name: …), or take it out")
            elif tool.name and tool.name.lower() in names[:position]:
                self._report(
                    tool, tool.lines.first, f"another tool is called {tool.name!r} too", "rename one of them"
                )

    def _check_kind(self, tool: Tool, *, is_entry: bool) -> None:
        if tool.is_command:
            if tool.tools:
                message = f"{tool.title} is a command, and a command can't call tools"
                self._report(tool, tool.lines.of("tools"), message, "name them under the first tool's Tools")
        elif not is_entry:
            message = f"{tool.title} is a prompt, and only the first tool of the file that is run can be one"
            instead = "write its words into the first tool's, and its Tools under the first tool's Tools"
            self._report(tool, tool.lines.first, message, instead)
        elif not tool.body.strip():
            self._report(
                tool, tool.lines.first, "the first tool says nothing to do", "write what is wanted below it"
            )
        elif not tool.tools:
            message = "the first tool names no tools, so that nothing may be called"
            self._report(
                tool, tool.lines.first, message, "name modules, functions or tools: Tools: speech, rag.answer"
            )


def _place(tool: Tool) -> tuple[Path, int]:
    return tool.file.absolute(), tool.lines.first


def _free(name: str, taken: Mapping[str, object]) -> str:
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(candidate for candidate in (name, *numbered) if candidate not in taken)


def _access(functions: Mapping[str, Function], allowed: frozenset[str]) -> dict[str, Access]:
    """The functions that have a workspace."""
    found = {name: Access.READ for name in allowed if name.startswith("sys.") and name != "sys.time_now"}
    for function in functions.values():
        if isinstance(function.entry, ScriptEntry) and function.entry.access is not Access.NONE:
            found[function.signature.name] = function.entry.access
    return found
