"""Text that fits the terminal that it is printed on."""

from __future__ import annotations

import shutil
import sys
from textwrap import TextWrapper, indent
from typing import TextIO

_WIDEST = 100
_NARROWEST = 30


def page_width(stream: TextIO | None = None) -> int | None:
    """The columns that there are, at most 100; None, and lines stay whole, where it is no terminal."""
    where = sys.stdout if stream is None else stream
    return min(shutil.get_terminal_size().columns, _WIDEST) if where.isatty() else None


def filled(text: str, width: int | None, *, first: str = "", rest: str = "") -> str:
    """One paragraph: its first line begins with `first`, the others, where there are any, with `rest`."""
    if width is None:
        return first + text
    wrapper = TextWrapper(
        max(width, len(rest) + _NARROWEST),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.fill(text)


def paragraphs(text: str, width: int | None, margin: str) -> str:
    """Prose below each other's; a paragraph whose lines are indented or listed keeps them."""
    parts = []
    for part in text.split("\n\n"):
        is_prose = not any(line.startswith((" ", "-", "*")) for line in part.splitlines())
        parts.append(
            filled(part, width, first=margin, rest=margin) if width and is_prose else indent(part, margin)
        )
    return "\n\n".join(parts)
