"""Plain text as paragraphs."""

from __future__ import annotations

import re

from .page import escaped

EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def paragraphs(text: str) -> str:
    """`text` as HTML: what empty lines separate becomes a paragraph, and lines and indents are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    blocks = [block.rstrip() for block in EMPTY_LINES.split(lines) if block.strip()]
    if not blocks:
        return "<p>The text is empty.</p>\n"
    return "".join(f'<p class="lines">{escaped(block)}</p>\n' for block in blocks)
