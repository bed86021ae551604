"""A script that was linked: what it wants, what it may call, and its own tools as functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.types import Type
from shunter.instructions.gptscript.command_tool import identifier, retyped
from shunter.instructions.gptscript.document import Tool
from shunter.instructions.gptscript.names import MODULE
from shunter.tools.modules.function import Access, Function
from shunter.tools.modules.manifest import About, Manifest
from shunter.tools.modules.module import Module


@dataclass(frozen=True)
class Program:
    """A script that can be planned, or run as it is.

    `functions` are its own tools by short name, `allowed` all that it may call. `types` are those that its
    arguments declare. `access` is by function. `notes` are for people.
    """

    path: Path
    entry: Tool
    allowed: frozenset[str]
    functions: Mapping[str, Function]
    types: Mapping[str, Type]
    access: Mapping[str, Access]
    texts: Mapping[str, bytes]
    builtins: Module | None = None
    notes: tuple[str, ...] = ()

    @property
    def arguments(self) -> Mapping[str, str]:
        """The arguments' descriptions, by what they are called here."""
        return {identifier(own): doc for own, doc in self.entry.arguments.items()}

    @property
    def uses_workspace(self) -> bool:
        """Whether anything that it may call has a workspace."""
        return bool(self.access)

    @property
    def writers(self) -> frozenset[str]:
        """The functions that write in the workspace."""
        return frozenset(name for name, access in self.access.items() if access is Access.WRITE)

    @property
    def needs_workspace(self) -> bool:
        """Whether there is a workspace to read, and nothing that makes one."""
        return self.uses_workspace and not self.writers

    @property
    def direct(self) -> Function | None:
        """The function that the first tool is, where it is a command: there is nothing to plan."""
        return self.functions[_only(self.functions)] if self.entry.is_command else None

    @property
    def goal(self) -> str:
        """The first tool's words; `${NAME}` of an argument is its name."""
        names = {own.upper().replace("-", "_"): identifier(own) for own in self.entry.arguments}

        def named(match: re.Match[str]) -> str:
            return names.get(match[1].upper().replace("-", "_"), match[0])

        return re.sub(r"\$\{([A-Za-z][\w-]*)\}", named, self.entry.body).strip()

    def modules(self, given: Mapping[str, Type]) -> list[Module]:
        """The script's own modules; a first tool that is a command takes files where they are `given`."""
        found = [self.builtins] if self.builtins is not None else []
        functions = dict(self.functions)
        if self.direct is not None:
            functions = {name: retyped(function, given) for name, function in functions.items()}
        if functions:
            about = About(name=MODULE, version="0", description=f"The tools of {self.path.name}.")
            found.append(Module(self.path, Manifest(module=about), functions, self.texts))
        return found


def _only(functions: Mapping[str, Function]) -> str:
    (name,) = functions
    return name
