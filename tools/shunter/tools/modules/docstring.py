"""Docstrings with `Args:`, `Returns:` and `Example:` sections."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass

_SECTION = re.compile(r"(Args|Arguments|Returns|Example|Examples):\s*\Z")
_ARGUMENT = re.compile(r"(\w+)(?:\s*\([^)]*\))?:\s*(.*)\Z")


@dataclass(frozen=True)
class Docstring:
    """A docstring taken apart; `text` is what comes before the sections."""

    text: str
    arguments: Mapping[str, str]
    returns: str
    example: str


def read_docstring(docstring: str | None) -> Docstring:
    """The parts of a docstring; None gives empty ones."""
    sections: dict[str, list[str]] = {"": []}
    current = sections[""]
    for line in inspect.cleandoc(docstring or "").splitlines():
        heading = _SECTION.match(line)
        if heading:
            current = sections.setdefault(
                heading[1].rstrip("s") if heading[1] != "Returns" else "Returns", []
            )
        else:
            current.append(line)
    arguments = sections.get("Arg", []) + sections.get("Argument", [])
    return Docstring(
        text="\n".join(sections[""]).strip(),
        arguments=_arguments(arguments),
        returns=" ".join(" ".join(sections.get("Returns", [])).split()),
        example=inspect.cleandoc("\n" + "\n".join(sections.get("Example", []))).strip(),
    )


def _arguments(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    base = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    name = ""
    for line in lines:
        text = line.strip()
        starts = _ARGUMENT.match(text) if len(line) - len(line.lstrip()) == base else None
        if starts:
            name = starts[1]
            found[name] = starts[2]
        elif name and text:
            found[name] = f"{found[name]} {text}".strip()
    return found
