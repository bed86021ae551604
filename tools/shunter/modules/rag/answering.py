"""Chooses the sentence that answers a question, or says that none does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .bm25 import Index
from .question import FIRST_PERSON, INTRODUCTION, PRONOUN, Question
from .sentences import Sentence
from .terms import stem, terms, words

ENOUGH = 0.6  # the least share of the question, weighted by rarity, that an answer has to cover
BORROWED = 0.7  # what a term counts that only the sentence before has
REACH = 2  # how many sentences back a pronoun may point


class Candidate(NamedTuple):
    """An answer: the positions of its sentences, in order; `best` is the one that has it."""

    positions: tuple[int, ...]
    best: int
    score: float


class Answers:
    """Answers to one question from the sentences of some documents."""

    def __init__(self, question: str, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self.question = Question(question, sentences)
        self._terms = [terms(sentence.text) for sentence in sentences]
        self._index = Index.of(self._terms)
        self._scores = self._index.scores(self.question.terms)
        self._whole = sum(self._index.rarity(term) for term in self.question.terms)

    def found(self) -> list[Candidate]:
        """The sentences that answer the question, best first; none when nothing does."""
        candidates = [found for found in map(self._candidate, self._promising()) if found is not None]
        return sorted(candidates, key=lambda found: (-found.score, found.best))

    def closest(self) -> list[int]:
        """The positions of the sentences that share most with the question, best first."""
        return [position for position, _ in self._index.ranking(self.question.terms)]

    def _promising(self) -> list[int]:
        """Sentences that share a term with the question, and those that come right after one."""
        following = {position + 1 for position in self._scores if self._follows(position + 1)}
        return sorted(self._scores.keys() | following)

    def _candidate(self, position: int) -> Candidate | None:
        """The sentence at `position` as an answer, or None when it is none."""
        sentence = self._sentences[position]
        text = sentence.text
        coverage = self._coverage(position)
        if not sentence.is_prose or text.endswith("?") or coverage < ENOUGH:
            return None
        positions = self._with_context(position)
        if positions is None:
            return None
        return Candidate(positions, position, coverage + self._bonus(position, text))

    def _bonus(self, position: int, text: str) -> float:
        """What speaks for a sentence beside the words that it shares with the question."""
        fits = 0.3 if self.question.is_answered_by(text) else 0.0
        doer = 0.2 if self.question.kind == "name" and self._names_the_doer(text) else 0.0
        subject = 0.3 if self.question.is_definition and self._is_about(text) else 0.0
        table = -0.2 if text.startswith("|") else 0.0
        rank = 0.3 * self._scores.get(position, 0.0) / (self._whole * 2.5 or 1.0)
        return fits + doer + subject + table + rank

    def _coverage(self, position: int) -> float:
        """The share of the question that the sentence has; the one before it helps out."""
        own = set(self._terms[position])
        before = set(self._terms[position - 1]) if self._follows(position) else set()
        if not own & set(self.question.terms) and not self._is_question(position - 1):
            return 0.0
        weight = 0.0
        for term in self.question.terms:
            share = 1.0 if term in own else BORROWED if term in before else 0.0
            weight += share * self._index.rarity(term)
        return weight / self._whole if self._whole else 0.0

    def _with_context(self, position: int) -> tuple[int, ...] | None:
        """The sentence with those before it that it needs to be understood; None when it can't answer."""
        text = self._sentences[position].text
        if self.question.is_answered_by(text) or not self.question.is_strict:
            return (position,)
        if FIRST_PERSON.search(text) and self.question.kind == "name":
            introduced = self._introduction(position)
            if introduced is not None:
                return (introduced, position)
        if PRONOUN.search(text) and self.question.kind == "name":
            for earlier in range(position - 1, max(position - 1 - REACH, -1), -1):
                if self._follows(earlier + 1) and self.question.is_answered_by(self._sentences[earlier].text):
                    return tuple(range(earlier, position + 1))
        return None

    def _introduction(self, position: int) -> int | None:
        """Where the speaker says who they are, before `position`."""
        document = self._sentences[position].document
        for earlier in range(position - 1, -1, -1):
            sentence = self._sentences[earlier]
            if sentence.document == document and INTRODUCTION.search(sentence.text):
                return earlier
        return None

    def _is_about(self, text: str) -> bool:
        """Whether the sentence begins with the question's first term."""
        first = next((word for word in words(text) if word not in ("a", "an", "the")), "")
        return [stem(first)] == self.question.terms[:1]

    def _names_the_doer(self, text: str) -> bool:
        """Whether a name stands where the one who acts does: before the verb, or behind "by"."""
        names = self.question.names(text)
        return any(f"by {name}" in text or text.startswith(name) for name in names)

    def _follows(self, position: int) -> bool:
        """Whether the sentence at `position` comes after another of the same document."""
        if not 0 < position < len(self._sentences):
            return False
        return self._sentences[position].document == self._sentences[position - 1].document

    def _is_question(self, position: int) -> bool:
        return position >= 0 and self._sentences[position].text.endswith("?")
