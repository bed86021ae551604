"""Patterns of paths, as a shell with globstar reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

PART = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|\[(?P<negated>!?)(?P<set>\]?[^\]/]*)\]|.", re.DOTALL)
FIXED = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matcher(pattern: str) -> Callable[[str], bool]:
    """A test of whether a path matches `pattern` as a whole."""
    expression = re.compile("".join(map(_translated, PART.finditer(pattern.removeprefix("./")))), re.DOTALL)
    return lambda path: expression.fullmatch(path) is not None


def _translated(match: re.Match[str]) -> str:
    if match.group() in FIXED:
        return FIXED[match.group()]
    if match["set"]:
        characters = match["set"].replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        characters = (
            characters.replace("^", "\\^").replace("&&", "&\\&").replace("||", "|\\|").replace("~~", "~\\~")
        )
        return f"[{'^/' if match['negated'] else ''}{characters}]"
    return re.escape(match.group())
