"""The errors of evaluations.

ShunterError
└── UsageError
    ├── SuiteError        a suite can't be used as it is; names every file and line
    └── ResultsError      a file of results or a baseline can't be used
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shunter.engine.errors import UsageError


class SuiteError(UsageError):
    """A suite can't be used as it is; `problems` are sentences, each with its file and line."""

    def __init__(self, problems: Sequence[str], *, hint: str | None = None) -> None:
        count = len(problems)
        super().__init__(
            f"the suite has {count} problem{'' if count == 1 else 's'}; nothing was run\n"
            + "\n".join(problems),
            hint=hint,
        )
        self.problems = tuple(problems)


class ResultsError(UsageError):
    """A file of results or a baseline can't be used."""


def unreadable(path: Path, error: OSError) -> ResultsError:
    """What an operating system's error means for a file of results."""
    return ResultsError(f"can't use {path}: {error.strerror or error}")
