"""What a step printed, made fit to keep: cut to its end, and without secrets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from shunter.engine.secrets.redactor import Redactor

KEPT: Final = 8 << 20
"""Bytes of a log that are kept: its end, where the reason for a failure stands."""


def tidy(path: Path, *, limit: int | None, redactor: Redactor) -> bool:
    """Strike secrets out of the log at `path`, cut it to its last `limit` bytes; says whether any are left.

    With secrets it is always cut, since it has to be rewritten.
    """
    size = path.stat().st_size
    if redactor and size:
        _rewrite(path, size, limit or KEPT, redactor)
    elif limit is not None and size > limit:
        _rewrite(path, size, limit, redactor)
    elif size:
        path.chmod(0o600)  # a step may have changed it through its descriptor
    return size > 0


def tail(path: Path, *, limit: int = 4096) -> str:
    """The last `limit` bytes of the log as text; empty where there is none."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - limit))
            return log.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def _rewrite(path: Path, size: int, limit: int, redactor: Redactor) -> None:
    """A secret that the cut would go through is read as a whole before."""
    with path.open("rb") as log:
        log.seek(max(0, size - limit - redactor.reach))
        content = redactor.strike(log.read())
    if size > limit:
        note = f"[shunter: {size} bytes were printed, these are the last {limit}]\n"
        content = note.encode() + content[-limit:]
    path.unlink()  # the step's own descriptor had this file
    path.write_bytes(content)
