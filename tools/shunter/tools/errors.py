"""The errors of modules and the catalogue.

PlanError
└── ModuleError         a module, or the catalogue that holds it, can't be used
    ├── ManifestError   its module.toml isn't one
    └── SourceError     its code can't be read as functions
UsageError
└── UnknownFunction     no module publishes it
"""

from __future__ import annotations

from pathlib import Path

from shunter.engine.errors import PlanError, UsageError


class ModuleError(PlanError):
    """A module, or the catalogue that holds it, can't be used."""


class ManifestError(ModuleError):
    """A module's manifest isn't one."""


class SourceError(ModuleError):
    """A module's code can't be read as functions; `line` counts from 1."""

    def __init__(self, file: Path, message: str, *, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(f"{file}{f', line {line}' if line else ''}: {message}", hint=hint)
        self.file = file
        self.line = line


class UnknownFunction(UsageError):
    """No module publishes a function of this name; `candidates` are close to it, `module` has that name."""

    def __init__(self, name: str, candidates: tuple[str, ...], *, module: str | None = None) -> None:
        if module is not None:
            hint = f"{module} is a module; `shunter functions {module}` lists its functions"
        elif candidates:
            hint = f"did you mean {', '.join(candidates)}?"
        else:
            hint = "`shunter functions` lists what there is"
        super().__init__(f"there is no function {name!r}", hint=hint)
        self.candidates = candidates
