"""The search index as a file: the passages and, for each term, how often which passage has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from shunter.sdk import Failure, File

from .bm25 import Index
from .chunks import Chunk
from .terms import terms

FORMAT = "shunter rag index 1"


class Hit(NamedTuple):
    """A passage that a search found; a higher score is a better one."""

    chunk: Chunk
    score: float


class Library:
    """Passages that can be searched."""

    def __init__(self, chunks: list[Chunk], index: Index) -> None:
        self._chunks = chunks
        self._index = index

    @classmethod
    def of_chunks(cls, file: File) -> Library:
        """A library of the passages in a file of JSON lines; raises Failure when a line holds none."""
        chunks = list(_read_chunks(file))
        return cls(chunks, Index.of(terms(chunk.text) for chunk in chunks))

    @classmethod
    def read(cls, file: File) -> Library:
        """The library that `to_json` wrote; raises Failure when `file` is something else."""
        try:
            data = json.loads(file.read_text())
            if data["format"] != FORMAT:
                raise ValueError
            chunks = [Chunk(*entry) for entry in data["passages"]]
            postings = {term: dict(found) for term, found in data["terms"].items()}
            return cls(chunks, Index(data["lengths"], postings))
        except (ValueError, KeyError, TypeError):
            raise Failure(f"{file.name} is no search index; expected one that rag.index made") from None

    def to_json(self) -> str:
        """The library as JSON text, the same for the same passages."""
        postings = {term: sorted(found.items()) for term, found in sorted(self._index.postings.items())}
        data = {"format": FORMAT, "passages": self._chunks, "lengths": self._index.lengths, "terms": postings}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"

    def search(self, question: str, *, top: int) -> list[Hit]:
        """At most `top` passages that share a word with `question`, best first."""
        return [
            Hit(self._chunks[place], score) for place, score in self._index.ranking(terms(question))[:top]
        ]


def _read_chunks(file: File) -> Iterator[Chunk]:
    for number, line in enumerate(file.read_text().split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            yield Chunk(str(data["document"]), int(data["line"]), str(data["text"]))
        except (ValueError, KeyError, TypeError):
            raise Failure(
                f"{file.name}, line {number} is no passage; expected JSON with document, line and text"
            ) from None
