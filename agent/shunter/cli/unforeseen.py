"""Exceptions that nobody raised on purpose, as messages."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from shunter.engine.errors import ShunterError, StoreError


class Unforeseen(ShunterError):
    """A bug in shunter."""


def known_error(error: BaseException) -> ShunterError:
    """`error` as one that has a message: what the system refused, or a bug and where it is."""
    if isinstance(error, ShunterError):
        return error
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return StoreError(f"{where}{error.strerror}", hint="--debug shows what was being done")
    frames = extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Unforeseen(
        f"this is a bug in shunter: {type(error).__name__}: {error}{where}",
        hint="the same command with --debug shows more; please report it",
    )
