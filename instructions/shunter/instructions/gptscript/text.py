"""The lines of a GPTScript file: the parser tells where each tool begins, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shunter.instructions.gptscript.keys import key_of

_KEY = re.compile(r"\s*([A-Za-z][A-Za-z ]*?)\s*:(.*)")
_BETWEEN = re.compile(r"-{3,}\s*")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A line above a tool's body; `key` is None for a key that the parser doesn't know."""

    number: int
    written: str
    key: str | None
    value: str


@dataclass(frozen=True)
class ToolLines:
    """A tool's own lines: where it begins, and what stands above its body."""

    first: int
    header: tuple[HeaderLine, ...]

    def of(self, key: str, containing: str = "") -> int:
        """The line of `key` that has `containing` in it, else the key's first line, else the tool's."""
        lines = [line for line in self.header if line.key == key]
        found = [line.number for line in lines if containing in line.value]
        return (found or [line.number for line in lines] or [self.first])[0]

    @property
    def unknown(self) -> tuple[HeaderLine, ...]:
        """The lines whose key the parser passes over without a word."""
        return tuple(line for line in self.header if line.key is None)


def tool_lines(text: str, first: int, body: str) -> ToolLines:
    """The lines of the tool that begins on line `first` and has this `body`."""
    return ToolLines(first, tuple(_header(text.splitlines()[first - 1 :], first, body)))


def _header(lines: list[str], first: int, body: str) -> Iterator[HeaderLine]:
    start = body.partition("\n")[0].strip()
    written, key = "", None
    for number, line in enumerate(lines, first):
        if _BETWEEN.fullmatch(line) or (start and line.strip() == start):
            return
        found = _KEY.fullmatch(line)
        if found is not None:
            written, key = found[1], key_of(found[1])
            yield HeaderLine(number, written, key, found[2])
        elif key is not None and line.strip():  # a value that goes on
            yield HeaderLine(number, written, key, line)
