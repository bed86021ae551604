"""What a question asks for, and whether a sentence has it: a name, a date, a place, a number, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .sentences import Sentence
from .terms import QUESTION_WORDS, STOP_WORDS, question_terms, words

NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:(?:de|van|von|der|la|le|of|the)\s+)?[A-Z][\w’'-]*)*")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
DATE = re.compile(
    rf"\b(?:1\d|20|21)\d\d\b|\b(?:{MONTHS}|{DAYS})\b|\b\d{{1,2}}:\d\d\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b"
    r"|\b(?:yesterday|today|tomorrow|midnight|noon)\b|\b(?:\w+\s+)?(?:days?|weeks?|months?|years?|hours?)\s+(?:ago|later)\b"
    r"|\b(?:last|next|this)\s+(?:week|month|year|spring|summer|autumn|winter)\b|\b\w+\s+century\b"
)
PLACE = re.compile(
    r"\b(?:in|at|from|near|to|on|of|into|inside|under|behind|outside|across)\s+(?:the\s+|a\s+|an\s+)?"
)
NUMBER = re.compile(
    r"\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|twice|once|no|none)\b",
    re.IGNORECASE,
)
REASON = re.compile(
    r"\b(?:because|since|so that|due to|in order to|therefore|thanks to|as a result|that is why)\b"
    r"|, (?:as|so|for) ",
    re.IGNORECASE,
)
DEFINITION = re.compile(r"what (?:is|are)\b", re.IGNORECASE)
PRONOUN = re.compile(r"\b(?:he|she|they|it|his|her|their|this|these)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:I|we|my|our)\b", re.IGNORECASE)
INTRODUCTION = re.compile(r"\b(?:I am|I['’]m|(?i:my name is|we are|we['’]re|this is))\s+[A-Z]")

NOT_A_DOER = re.compile(r"\b(?:a|an|in|at|on|into|about)\s+\Z", re.IGNORECASE)  # "a Go file", "in Lisbon"

STARTS = frozenset(
    """
    according although another anybody anyone despite during everybody everyone everything few finally first
    however last many next nobody none nothing others people perhaps second several somebody someone something
    since still though today tomorrow unlike yes yesterday
    """.split()
)  # what a sentence may begin with that is no name

KINDS = (
    (re.compile(r"\b(?:who|whom|whose)\b|\bwhich (?:person|people|man|woman)\b", re.IGNORECASE), "name"),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time)\b", re.IGNORECASE), "date"),
    (re.compile(r"\bwhere\b|\b(?:what|which) (?:place|city|country|town)\b", re.IGNORECASE), "place"),
    (
        re.compile(r"\bhow (?:many|much|long|old|far|often|fast|big|large|tall|high)\b", re.IGNORECASE),
        "number",
    ),
    (re.compile(r"\bwhy\b|\bhow come\b", re.IGNORECASE), "reason"),
)


class Question:
    """A question about the sentences of some documents.

    `terms` are the stems that an answer should have; `kind` is what it asks for: "name", "date", "place",
    "number", "reason", or "" when that can't be told from a sentence's form.
    """

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self.text = " ".join(text.split())
        self.terms = question_terms(self.text)
        found = (kind for pattern, kind in KINDS if pattern.search(self.text))
        self.kind = next(found, "")
        self._own_words = frozenset(words(self.text))
        self._common, self._proper = _written_words(sentences)
        self._tests: dict[str, Callable[[str], bool]] = {
            "name": lambda sentence: bool(self.names(sentence)),
            "date": lambda sentence: bool(DATE.search(sentence)),
            "place": self._has_place,
            "number": lambda sentence: bool(NUMBER.search(sentence)),
            "reason": lambda sentence: bool(REASON.search(sentence)),
        }

    @property
    def is_definition(self) -> bool:
        """Whether it asks what something is, so that a sentence which begins with that thing is meant."""
        return DEFINITION.match(self.text) is not None

    @property
    def is_strict(self) -> bool:
        """Whether a sentence without what is asked for is no answer."""
        return self.kind in self._tests

    def is_answered_by(self, sentence: str) -> bool:
        """Whether `sentence` holds something of the kind that the question asks for."""
        return self._tests[self.kind](sentence) if self.kind in self._tests else True

    def names(self, sentence: str) -> list[str]:
        """The names in `sentence` that the question doesn't have itself."""
        found = (self._name(match, sentence) for match in NAME.finditer(sentence))
        return [name for name in found if name]

    def _name(self, match: re.Match[str], sentence: str) -> str:
        """A run of capitalised words, without the question's, and without one that only begins a sentence."""
        if NOT_A_DOER.search(sentence, 0, match.start()):
            return ""
        parts = match.group().split()
        if match.start() == 0 and self._is_common(parts[0], sentence):
            parts = parts[1:]
        return " ".join(part for part in parts if part[0].isupper() and self._is_new(part))

    def _is_common(self, word: str, sentence: str) -> bool:
        small = word.lower()
        is_adverb = small.endswith("ly") or sentence.startswith(f"{word},")
        return small in self._common | STARTS or (is_adverb and small not in self._proper)

    def _is_new(self, part: str) -> bool:
        return part != "I" and all(word not in self._own_words | STOP_WORDS for word in words(part))

    def _has_place(self, sentence: str) -> bool:
        return any(self._names_place(sentence[match.end() :]) for match in PLACE.finditer(sentence))

    def _names_place(self, rest: str) -> bool:
        following = words(rest)[:1]
        return bool(following) and following[0] not in STOP_WORDS | QUESTION_WORDS | self._own_words


def _written_words(sentences: Sequence[Sentence]) -> tuple[frozenset[str], frozenset[str]]:
    """The words that occur with a small letter, and those with a capital within a sentence."""
    small: set[str] = set()
    capital: set[str] = set()
    for sentence in sentences:
        for position, word in enumerate(re.findall(r"[^\W\d_][\w’'-]*", sentence.text)):
            if not word[0].isupper():
                small.add(word.lower())
            elif position:
                capital.add(word.lower())
    return frozenset(small), frozenset(capital)
