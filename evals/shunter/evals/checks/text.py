"""Texts against what is expected of them."""

from __future__ import annotations

import re

from shunter.evals.case.wanted import WantedText


def text_problem(text: str, wanted: WantedText) -> str | None:
    """What keeps `text` from being what is wanted, or None."""
    plain = _plain(text)
    if wanted.equals is not None and plain != _plain(wanted.equals):
        return f"expected {_shown(_plain(wanted.equals))}, got {_shown(plain)}"
    for part in wanted.contains:
        if _plain(part) not in plain:
            return f"it lacks {_shown(part)}: {_shown(plain)}"
    for part in wanted.lacks:
        if _plain(part) in plain:
            return f"it has {_shown(part)}"
    for pattern in wanted.matches:
        if not re.search(pattern, plain, re.MULTILINE):
            return f"nothing in it matches {pattern}: {_shown(plain)}"
    lines = len(plain.split("\n")) if plain else 0
    if wanted.lines is not None and lines != wanted.lines:
        return f"expected {wanted.lines} lines, got {lines}"
    return None


def _plain(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).rstrip("\n")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 120 else text[:117] + "…")
