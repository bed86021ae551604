"""What is wrong with a GPTScript file.

PlanError
└── ScriptRefused   the file, or one that it refers to, has something that can't be run; carries all of it
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shunter.engine.errors import PlanError


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong; `line` counts from 1, `instead` says what to do."""

    file: str
    line: int
    message: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}" + (
            f"; {self.instead}" if self.instead else ""
        )


class ScriptRefused(PlanError):
    """A GPTScript file can't be used; `findings` are by file and line."""

    def __init__(self, file: str, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(set(findings)))
        count = len(self.findings)
        super().__init__(f"{file} has {count} problem{'' if count == 1 else 's'}; nothing was started")
