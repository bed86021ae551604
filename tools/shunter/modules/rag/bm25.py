"""Ranking by BM25: a term counts more the rarer it is, and less the longer the text is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

SATURATION = 1.5
LENGTH_WEIGHT = 0.75


class Index:
    """The terms of some texts, which are known by their positions.

    `lengths` holds the number of terms of each text, `postings` for each term how often which text
    has it.
    """

    def __init__(self, lengths: Sequence[int], postings: Mapping[str, Mapping[int, int]]) -> None:
        self.lengths = lengths
        self.postings = postings
        self._average = sum(lengths) / len(lengths) if sum(lengths) else 1.0

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> Index:
        """An index of `texts`, each given as its terms."""
        lengths: list[int] = []
        postings: dict[str, dict[int, int]] = {}
        for position, found in enumerate(texts):
            lengths.append(len(found))
            for term, count in Counter(found).items():
                postings.setdefault(term, {})[position] = count
        return cls(lengths, postings)

    def rarity(self, term: str) -> float:
        """How much `term` tells texts apart: above 0, highest for a term that no text has."""
        having = len(self.postings.get(term, ()))
        return math.log(1 + (len(self.lengths) - having + 0.5) / (having + 0.5))

    def scores(self, query: Iterable[str]) -> dict[int, float]:
        """The score of each text that has a term of `query`, by its position."""
        scores: dict[int, float] = {}
        for term in dict.fromkeys(query):
            for position, count in self.postings.get(term, {}).items():
                length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * self.lengths[position] / self._average
                gain = count * (SATURATION + 1) / (count + SATURATION * length)
                scores[position] = scores.get(position, 0.0) + self.rarity(term) * gain
        return scores

    def ranking(self, query: Iterable[str]) -> list[tuple[int, float]]:
        """Positions and scores, best first; equal ones in the order of the texts."""
        return sorted(self.scores(query).items(), key=lambda entry: (-entry[1], entry[0]))
