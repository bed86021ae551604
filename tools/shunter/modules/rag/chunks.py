"""Sentences put together to passages of about the same length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from .sentences import Sentence


class Chunk(NamedTuple):
    """A passage: its document, the line that it begins at (from 1), and its text."""

    document: str
    line: int
    text: str


def cut(sentences: Sequence[Sentence], *, size: int, overlap: int) -> Iterator[Chunk]:
    """Passages of at most `size` words; one begins with at most `overlap` words of the one before."""
    pieces = [piece for sentence in sentences for piece in _shortened(sentence, size)]
    for _, group in groupby(pieces, key=lambda piece: piece.document):
        yield from _cut_document(list(group), size, overlap)


def _shortened(sentence: Sentence, size: int) -> Iterator[Chunk]:
    """The sentence, in several pieces when it alone is too long."""
    words = sentence.text.split()
    for start in range(0, len(words), size):
        yield Chunk(sentence.document, sentence.line, " ".join(words[start : start + size]))


def _cut_document(pieces: Sequence[Chunk], size: int, overlap: int) -> Iterator[Chunk]:
    start = 0
    while start < len(pieces):
        end = start + _fitting(pieces[start:], size)
        yield _joined(pieces[start:end])
        if end == len(pieces):
            return
        repeated = _fitting(pieces[start + 1 : end][::-1], min(overlap, size - _length(pieces[end])))
        start = end - repeated


def _fitting(pieces: Sequence[Chunk], size: int) -> int:
    """How many of `pieces`, from the first on, have at most `size` words together."""
    total = 0
    for count, piece in enumerate(pieces):
        total += _length(piece)
        if total > size:
            return count
    return len(pieces)


def _joined(pieces: Sequence[Chunk]) -> Chunk:
    return pieces[0]._replace(text=" ".join(piece.text for piece in pieces))


def _length(piece: Chunk) -> int:
    return len(piece.text.split())
