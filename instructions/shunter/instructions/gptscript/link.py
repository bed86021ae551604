"""Linking: every name under `Tools:` to what it stands for, in all files that a script refers to.

All that is wrong is reported at once, each with its file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from shunter.engine.errors import InputError
from shunter.engine.plan.scope import similar
from shunter.engine.types import Type
from shunter.instructions.gptscript import builtins
from shunter.instructions.gptscript.command_tool import check_command, command_function, declared_type, identifier
from shunter.instructions.gptscript.document import Parse, Script, Tool
from shunter.instructions.gptscript.errors import Finding, ScriptRefused
from shunter.instructions.gptscript.keys import REFUSED, UNUSED, close_key
from shunter.instructions.gptscript.library import Library
from shunter.instructions.gptscript.program import Program
from shunter.instructions.gptscript.reference import Reference, read_reference
from shunter.tools.catalogue import Catalogue
from shunter.tools.modules.function import Access, Function, ScriptEntry

GLUE = ("text.from_string", "text.to_string")
"""Always allowed: GPTScript's tools hand on text, and functions take files as well."""


def link(path: Path, parse: Parse, catalogue: Catalogue) -> Program:
    """The program in the file at `path`; raises ScriptRefused, and InputError where the file isn't there."""
    linker = _Linker(parse, catalogue, path)
    return linker.program()


@dataclass(frozen=True, slots=True)
class _Found:
    """What a reference stands for: a tool of a file, or a function of the catalogue."""

    name: str
    tool: Tool | None = None
    script: Script | None = None


class _Linker:
    def __init__(self, parse: Parse, catalogue: Catalogue, path: Path) -> None:
        self._catalogue = catalogue
        self._path = path
        self._library = Library(parse, Path.cwd())
        self._findings: list[Finding] = []
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

    def _functions(self, entry: Tool, found: list[_Found]) -> tuple[dict[str, Function], frozenset[str]]:
        """The script's own functions by short name, and the names of all that it may call."""
        own = [_Found(entry.name or self._path.stem, entry)] if entry.is_command else []
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

    def _visit(self, tool: Tool, script: Script, way: tuple[Tool, ...]) -> list[_Found]:
        """Check a tool, and everything that it names; what it names."""
        self._seen.add(_place(tool))
        self._check_names(script)
        self._check_header(tool)
        self._check_kind(tool, is_entry=not way)
        found: list[_Found] = []
        for written in tool.tools:
            for item in self._resolve(read_reference(written), tool, script):
                found += [item] if item not in found else []
                if item.tool is not None and item.script is not None:
                    self._follow(item.tool, item.script, (*way, tool), written)
        return found

    def _follow(self, tool: Tool, script: Script, way: tuple[Tool, ...], written: str) -> None:
        if any(_place(earlier) == _place(tool) for earlier in way):
            names = " → ".join([*(earlier.title for earlier in way), tool.title])
            line = way[-1].lines.of("tools", written)
            self._report(way[-1], line, f"tools name each other in a ring: {names}", "take one of the names out")
        elif _place(tool) not in self._seen:
            self._visit(tool, script, way)

    def _check_header(self, tool: Tool) -> None:
        for line in tool.lines.unknown:
            close = close_key(line.written)
            meant = f"did you mean `{close}:`?" if close else "`Metadata: KEY: VALUE` is for keys of your own"
            self._report(tool, line.number, f"GPTScript has no key `{line.written}`, and passes it over", meant)
        for name in sorted(tool.settings):
            key, instead = REFUSED.get(name) or UNUSED.get(name) or (name, "leave it out")
            line_number = tool.lines.of(key)
            if name in UNUSED:
                self._notes.append(f"{self._library.shown(tool.file)}, line {line_number}: {key} is left out; {instead}")
            else:
                self._report(tool, line_number, f"`{key}` isn't supported", instead)

    def _check_names(self, script: Script) -> None:
        names = [tool.name.lower() for tool in script.tools]
        for position, tool in enumerate(script.tools):
            if not tool.name and position:
                message = "a tool without a name can't be called"
                self._report(tool, tool.lines.first, message, "give it one (Name: …), or take it out")
            elif tool.name and tool.name.lower() in names[:position]:
                self._report(tool, tool.lines.first, f"another tool is called {tool.name!r} too", "rename one of them")

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
            self._report(tool, tool.lines.first, "the first tool says nothing to do", "write what is wanted below it")
        elif not tool.tools:
            message = "the first tool names no tools, so that nothing may be called"
            self._report(tool, tool.lines.first, message, "name modules, functions or tools: Tools: speech, rag.answer")

    def _resolve(self, reference: Reference, tool: Tool, script: Script) -> list[_Found]:
        line = tool.lines.of("tools", reference.written)
        if reference.is_remote:
            instead = "copy the file beside yours, and name it ./FILE.gpt"
            self._report(tool, line, f"{reference.written} is on another machine", instead)
        elif reference.given is not None:
            instead = "say the value in the goal's words"
            self._report(tool, line, f"{reference.written}: `with` isn't supported", instead)
        elif reference.file is not None:
            return self._from_file(reference, reference.file, tool, line)
        else:
            found = list(self._by_name(reference, script)) or self._built_in(reference, tool, line)
            if found is not None:
                return found
            self._missing(reference.subject, tool, line, [*_names(script), *self._catalogue, *self._catalogue.names])
        return []

    def _by_name(self, reference: Reference, script: Script) -> Iterator[_Found]:
        """Tools of the same file before the catalogue's modules and functions."""
        local = list(_chosen(reference, script))
        if local:
            yield from local
        elif reference.subject in self._catalogue.names:
            module = self._catalogue.module(reference.subject)
            yield from (_Found(function.signature.name) for function in module.functions.values())
        elif reference.is_pattern:
            yield from (_Found(name) for name in self._catalogue if fnmatchcase(name, reference.subject))
        elif "." in reference.subject and reference.subject in self._catalogue:
            yield _Found(reference.subject)

    def _built_in(self, reference: Reference, tool: Tool, line: int) -> list[_Found] | None:
        """None where it isn't one of GPTScript's own."""
        name = reference.subject
        if name in builtins.FUNCTIONS:
            return [_Found(builtins.FUNCTIONS[name])]
        if not name.startswith("sys."):
            return None
        if name in builtins.REFUSED:
            self._report(tool, line, f"{name} isn't supported", builtins.REFUSED[name])
        else:
            self._missing(name, tool, line, [*builtins.FUNCTIONS, *builtins.REFUSED])
        return []

    def _from_file(self, reference: Reference, file: str, tool: Tool, line: int) -> list[_Found]:
        path = tool.file.parent / file
        if path.suffix.lower() in {".yaml", ".yml", ".json"}:
            self._report(tool, line, f"{file}: OpenAPI isn't supported", builtins.REFUSED["sys.openapi"])
            return []
        path = path / "tool.gpt" if path.is_dir() else path
        try:
            script = self._library.open(path)
        except InputError as error:
            self._report(tool, line, error.message, error.hint or "")
            return []
        if isinstance(script, Finding):
            self._findings.append(script)
            return []
        if not reference.subject:
            name = reference.alias or script.tools[0].name or path.stem
            return [_Found(name, script.tools[0], script)]
        found = list(_chosen(reference, script))
        if not found:
            self._missing(reference.subject, tool, line, _names(script), place=f" in {file}")
        return found

    def _missing(self, name: str, tool: Tool, line: int, known: list[str], *, place: str = "") -> None:
        close = similar(name, known)
        same = [other for other in known if other.rpartition(".")[2] == name and other != name]
        candidates = list(dict.fromkeys([*same, *close]))[:3]
        hint = f"did you mean {', '.join(candidates)}?" if candidates else "`shunter functions` lists what there is"
        what = "tool" if place else "tool, function or module"
        self._report(tool, line, f"there is no {what} {name!r}{place}", hint)


def _place(tool: Tool) -> tuple[Path, int]:
    return tool.file.absolute(), tool.lines.first


def _names(script: Script) -> list[str]:
    return [tool.name for tool in script.tools if tool.name]


def _chosen(reference: Reference, script: Script) -> Iterator[_Found]:
    if reference.is_pattern:
        for tool in script.tools:
            if tool.name and fnmatchcase(tool.name.lower(), reference.subject.lower()):
                yield _Found(tool.name, tool, script)
        return
    named = script.named(reference.subject)
    if named is not None:
        yield _Found(reference.alias or named.name, named, script)


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
