"""Edges that a plan should have: `speech.transcribe -> rag.answer`, `notes ->> text.count`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

_FORM = re.compile(r"\s*([A-Za-z][\w.-]*)\s*(->>?)\s*([a-z][\w-]*\.\w+)\s*")


@dataclass(frozen=True, slots=True)
class WantedEdge:
    """What `source` (a function, or an input's name) gives goes into a step that calls `target`.

    `far` allows steps in between.
    """

    source: str
    target: str
    far: bool = False

    @property
    def from_input(self) -> bool:
        """Whether an input is the source: its name has no dot."""
        return "." not in self.source

    def __str__(self) -> str:
        return f"{self.source} {'->>' if self.far else '->'} {self.target}"


def _read(text: object) -> WantedEdge:
    if isinstance(text, WantedEdge):
        return text
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            "an edge is written `FUNCTION -> FUNCTION` or `INPUT -> FUNCTION` (`->>` with steps in between), "
            f"got {text!r}"
        )
    return WantedEdge(match[1], match[3], match[2] == "->>")


EdgeText = Annotated[WantedEdge, PlainValidator(_read), PlainSerializer(str, return_type=str)]
"""An edge as text."""
