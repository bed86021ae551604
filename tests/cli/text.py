"""What commands print, with what differs from run to run taken out."""

from __future__ import annotations

import re

_CHANGING = (
    (re.compile(r"\d{8}-\d{6}-[0-9a-f]+"), "RUN"),
    (re.compile(r"\b\d+\.\d+ s\b"), "N s"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "WHEN"),
)


def steady(text: str) -> str:
    """`text` with RUN for names of runs, N for seconds and WHEN for times."""
    for pattern, name in _CHANGING:
        text = pattern.sub(name, text)
    return text
