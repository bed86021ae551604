"""Foreign text for a prompt: JSON that can't end the quotation it stands in, and no longer than it may be."""

from __future__ import annotations

import json
from collections.abc import Mapping

from shunter.engine.digest import JsonValue

_DEPTH = 12
_ENDING = frozenset("<>&`")


def quoted(value: JsonValue, *, text: int = 600, items: int = 20) -> str:
    """`value` as JSON; texts keep `text` characters at most, lists and records `items` elements.

    `<`, `>`, `&` and backticks are escaped, so that it can hold no closing tag and no fence, and so is
    whatever can't be seen: control, invisible and direction-changing characters.
    """
    written = json.dumps(_bounded(value, text, items, _DEPTH), indent=1, ensure_ascii=False)
    return "".join(character if _harmless(character) else _escape(character) for character in written)


def _harmless(character: str) -> bool:
    return character == "\n" or (character.isprintable() and character not in _ENDING)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) > 127 else f"\\u{ord(character):04x}"


def shortened(text: str, most: int) -> str:
    """`text` in `most` characters, its middle left out where it's longer; what comes last matters most."""
    if len(text) <= most:
        return text
    head = most // 3
    return f"{text[:head]} […] {text[len(text) - (most - head) :]}"


def _bounded(value: JsonValue, text: int, items: int, depth: int) -> JsonValue:
    if isinstance(value, str):
        return shortened(value, text)
    if isinstance(value, Mapping):
        if not depth:
            return "…"
        first = list(value.items())[:items]
        return {shortened(str(name), 80): _bounded(item, text, items, depth - 1) for name, item in first}
    if isinstance(value, list | tuple):
        return [_bounded(item, text, items, depth - 1) for item in value[:items]] if depth else "…"
    if isinstance(value, int) and abs(value) >= 10**18:
        return "…"
    return value
