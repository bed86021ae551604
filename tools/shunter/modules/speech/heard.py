"""What was heard in a recording, and how it is cut into passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONG = 5.0  # seconds after which a passage ends at the next comma
TOO_LONG = 8.0  # seconds after which it ends at any word
ENDS = (".", "!", "?", "…", "。")
PAUSES = (",", ";", ":", "–", "、")


class Heard(NamedTuple):
    """Words of a recording, and when they are said, in seconds from its start."""

    start: float
    end: float
    text: str


def passages(words: Sequence[Heard]) -> list[Heard]:
    """The words put together: one sentence a passage, or less where that would be long."""
    found: list[Heard] = []
    open_words: list[Heard] = []
    for word in words:
        open_words.append(word)
        if _is_end(word, word.end - open_words[0].start):
            found.append(_joined(open_words))
            open_words = []
    return [*found, _joined(open_words)] if open_words else found


def sentences(heard: Sequence[Heard]) -> Iterator[str]:
    """What was said, one sentence at a time."""
    text = " ".join(part.text for part in heard if part.text)
    yield from (part for part in re.split(r"(?<=[.!?…])\s+(?=[^\W\d_a-z]|\d)", text) if part)


def _is_end(word: Heard, seconds: float) -> bool:
    text = word.text.strip()
    return text.endswith(ENDS) or (seconds > LONG and text.endswith(PAUSES)) or seconds > TOO_LONG


def _joined(words: Sequence[Heard]) -> Heard:
    text = "".join(word.text for word in words).strip()
    return Heard(round(words[0].start, 2), round(words[-1].end, 2), text)
