"""What a step printed, made fit to keep: cut to its end, and without secrets."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

KEPT: Final = 8 << 20
"""Bytes of a log that are kept: its end, where the reason for a failure stands."""

STRUCK: Final = b"[secret]"


def tidy(path: Path, *, limit: int | None, secrets: Collection[str]) -> bool:
    """Strike `secrets` out of the log at `path`, cut it to its last `limit` bytes; says whether any are left.

    With secrets it is always cut, since it has to be rewritten.
    """
    size = path.stat().st_size
    if secrets and size:
        _rewrite(path, size, limit or KEPT, _in_order(secrets))
    elif limit is not None and size > limit:
        _rewrite(path, size, limit, [])
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


def _in_order(secrets: Collection[str]) -> list[bytes]:
    """The longest first, so that one that holds another goes as a whole."""
    return sorted((os.fsencode(each) for each in secrets if each), key=len, reverse=True)


def _rewrite(path: Path, size: int, limit: int, secrets: list[bytes]) -> None:
    """A secret that the cut would go through is read as a whole before."""
    margin = len(secrets[0]) if secrets else 0
    with path.open("rb") as log:
        log.seek(max(0, size - limit - margin))
        content = log.read()
    for secret in secrets:
        content = content.replace(secret, STRUCK)
    if size > limit:
        note = f"[shunter: {size} bytes were printed, these are the last {limit}]\n"
        content = note.encode() + content[-limit:]
    path.unlink()  # the step's own descriptor had this file
    path.write_bytes(content)
