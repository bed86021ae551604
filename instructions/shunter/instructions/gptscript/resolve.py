"""What a name under `Tools:` stands for: a tool of a file, functions of the catalogue, or a built-in tool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shunter.engine.errors import InputError
from shunter.engine.plan.scope import similar
from shunter.instructions.gptscript import builtins
from shunter.instructions.gptscript.command_tool import Report
from shunter.instructions.gptscript.document import Script, Tool
from shunter.instructions.gptscript.errors import Finding
from shunter.instructions.gptscript.library import Library
from shunter.instructions.gptscript.reference import Reference
from shunter.tools.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference stands for: a tool of a file, or a function of the catalogue."""

    name: str
    tool: Tool | None = None
    script: Script | None = None


class Resolver:
    """Resolves references; what can't be resolved goes to `report`, files as a whole to `refuse`."""

    def __init__(
        self, catalogue: Catalogue, library: Library, report: Report, refuse: Callable[[Finding], None]
    ) -> None:
        self._catalogue = catalogue
        self._library = library
        self._report = report
        self._refuse = refuse

    def resolve(self, reference: Reference, tool: Tool, script: Script) -> list[Found]:
        """What `reference`, which stands in `tool` of `script`, stands for; nothing where it is refused."""
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
            self._missing(
                reference.subject, tool, line, [*_names(script), *self._catalogue, *self._catalogue.names]
            )
        return []

    def _by_name(self, reference: Reference, script: Script) -> Iterator[Found]:
        """Tools of the same file before the catalogue's modules and functions."""
        local = list(_chosen(reference, script))
        if local:
            yield from local
        elif reference.subject in self._catalogue.names:
            module = self._catalogue.module(reference.subject)
            yield from (Found(function.signature.name) for function in module.functions.values())
        elif reference.is_pattern:
            yield from (Found(name) for name in self._catalogue if fnmatchcase(name, reference.subject))
        elif "." in reference.subject and reference.subject in self._catalogue:
            yield Found(reference.subject)

    def _built_in(self, reference: Reference, tool: Tool, line: int) -> list[Found] | None:
        """None where it isn't one of GPTScript's own."""
        name = reference.subject
        if name in builtins.FUNCTIONS:
            return [Found(builtins.FUNCTIONS[name])]
        if not name.startswith("sys."):
            return None
        if name in builtins.REFUSED:
            self._report(tool, line, f"{name} isn't supported", builtins.REFUSED[name])
        else:
            self._missing(name, tool, line, list(builtins.FUNCTIONS))
        return []

    def _from_file(self, reference: Reference, file: str, tool: Tool, line: int) -> list[Found]:
        path = tool.file.parent / file
        if path.suffix.lower() in {".yaml", ".yml", ".json"}:
            self._report(tool, line, f"{file}: OpenAPI isn't supported", builtins.REFUSED["sys.openapi"])
            return []
        path = path / "tool.gpt" if path.is_dir() else path
        try:
            script = self._library.open(path)
        except InputError as error:
            self._report(tool, line, f"{file}: {error.message}", error.hint or "")
            return []
        if isinstance(script, Finding):
            self._refuse(script)
            return []
        if not reference.subject:
            name = reference.alias or script.tools[0].name or path.stem
            return [Found(name, script.tools[0], script)]
        found = list(_chosen(reference, script))
        if not found:
            self._missing(reference.subject, tool, line, _names(script), place=f" in {file}")
        return found

    def _missing(self, name: str, tool: Tool, line: int, known: list[str], *, place: str = "") -> None:
        close = similar(name, known)
        same = [other for other in known if other.rpartition(".")[2] == name and other != name]
        candidates = list(dict.fromkeys([*same, *close]))[:3]
        hint = (
            f"did you mean {', '.join(candidates)}?"
            if candidates
            else "`shunter functions` lists what there is"
        )
        what = "tool" if place else "tool, function or module"
        self._report(tool, line, f"there is no {what} {name!r}{place}", hint)


def _names(script: Script) -> list[str]:
    return [tool.name for tool in script.tools if tool.name]


def _chosen(reference: Reference, script: Script) -> Iterator[Found]:
    if reference.is_pattern:
        for tool in script.tools:
            if tool.name and fnmatchcase(tool.name.lower(), reference.subject.lower()):
                yield Found(tool.name, tool, script)
        return
    named = script.named(reference.subject)
    if named is not None:
        yield Found(reference.alias or named.name, named, script)
