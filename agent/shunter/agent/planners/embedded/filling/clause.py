"""The part of a goal's text that a call is chosen for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.tokens import Token

ARTICLES = frozenset("the a an its their this that each every all column columns field fields".split())
_COLUMNS = frozenset("column columns field fields".split())
_LISTING = frozenset({"and", ",", "&"})
_THEN = frozenset({"then", "by", "per", "also", "finally"})
"""What may stand between the names of a list that goes on: `by city, then by name`."""
_ENDING_LISTS = frozenset(
    {"and", "&", "only", "please", "sorted", "as", "in", "from", "then", "where", "ordered"}
)
"""What may stand behind a list without `and`: `name, score only`."""
_NAMING = frozenset({"by", "per", "on", "column", "columns", "whose", "where", "and", ","})
_FUNCTION_WORDS = frozenset(
    """and or but if then also too only just by per on in of for to with without from as into at out is are
    was were be been where whose which that who what when how why it them they these those this please now not
    no i me my we our you your his her one ones all each every greater less more than least most over
    above under below between there here something anything row rows line lines table tables value values
    record records entry entries what's who's that's will would should must
    shall may can could sorting ordering""".split()
)
_OBJECTS = frozenset({"it", "them", "that", "this", "these", "those", "all"})
"""What stands behind a verb, rather than a name: `by department and publish that`."""
_AMOUNTS = frozenset({"many", "much", "few"})
_NAMES_TOO = frozenset({"value", "values", "line", "record", "entry"})
"""What may be a column at the end of a list: `timestamp, sensor and value`."""
_OF_ORDER = frozenset(
    """descending ascending first last highest lowest greatest largest smallest newest oldest reverse
    alphabetically numerically top bottom front slowest fastest cheapest dearest best worst earliest
    desc asc decreasing increasing backwards
    latest shortest longest""".split()
)
_WORDS_FOR_WORK = _OF_ORDER | frozenset(
    """group grouped sort sorted sorting order ordered ordering sum mean average total keep select drop filter
    need want write save store export print render html json csv markdown page mp3 duplicates show give make
    turn convert""".split()
)
"""Words that are names of columns only where it's plain that they are."""


@lru_cache(maxsize=5_000)
def _parts(phrase: str) -> list[str]:
    return phrase.split()


@lru_cache(maxsize=500)
def _begins(phrases: tuple[str, ...]) -> dict[str, list[int]]:
    """Which phrases begin with a word, by their order."""
    begins: dict[str, list[int]] = {}
    for order, phrase in enumerate(phrases):
        begins.setdefault(_parts(phrase)[0], []).append(order)
    return begins


class Clause:
    """Tokens with their places in the whole text.

    `given` are the media types of the inputs. `question` is a text that is asked here; `mentions` are places
    (in the whole text) that name an input, `mentioned` those of the clause among them, and `literals` the
    tokens at other places that a plan should use somewhere.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        places: Sequence[int],
        *,
        question: str | None = None,
        mentions: Collection[int] = (),
        given: Collection[str] = (),
    ) -> None:
        self.whole = tokens
        self.places = tuple(places)
        self.tokens = [tokens[place] for place in places]
        self.words = [token.word for token in self.tokens]
        self._at: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            self._at.setdefault(word, []).append(at)
        self.question = question
        self.mentions = mentions
        self.given = given
        self.mentioned = frozenset(at for at, place in enumerate(self.places) if place in mentions)
        self.literals = [
            (at, token)
            for at, token in enumerate(self.tokens)
            if token.is_literal and at not in self.mentioned
        ]

    def part(self, start: int, end: int) -> Clause:
        """The clause of only some of its tokens."""
        return Clause(
            self.whole,
            self.places[start:end],
            question=self.question,
            mentions=self.mentions,
            given=self.given,
        )

    def find(self, phrase: str) -> Sequence[int]:
        """Where a phrase begins, each time that it's there."""
        parts = _parts(phrase)
        begins = self._at.get(parts[0], ())
        if not begins or len(parts) == 1:
            return begins
        return [at for at in begins if self.words[at : at + len(parts)] == parts]

    def spots(self, phrases: tuple[str, ...]) -> list[tuple[int, int]]:
        """Which of the phrases are there, by their order, and where, each time that they are."""
        begins = _begins(phrases)
        there = sorted(order for word in begins.keys() & self._at.keys() for order in begins[word])
        return [(order, at) for order in there for at in self.find(phrases[order])]

    def has(self, *phrases: str) -> bool:
        """Whether one of the phrases is there."""
        return any(self.find(phrase) for phrase in phrases)

    def word(self, at: int) -> str:
        """The word at a place of the clause, or nothing beyond its ends."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def can_name(self, at: int, *, compared: bool = False, led: bool = False) -> bool:
        """Whether the token could be the name of a column.

        One that is compared with something may be any, and one that stands behind `by` nearly any.
        """
        if not 0 <= at < len(self.tokens):
            return False
        token = self.tokens[at]
        if token.kind is Kind.QUOTED:
            return True
        if self.word(at - 1) in _COLUMNS and at in self.mentioned:
            return True
        one_of = led and token.kind is Kind.WORD and not token.word.endswith("s")
        if (
            at in self.mentioned
            and not one_of
            and self.word(self.skip(at - 1, ARTICLES, step=-1)) not in _NAMING
        ):
            return False
        if token.kind not in {Kind.WORD, Kind.KEYS, Kind.CODE} or token.word in _FUNCTION_WORDS:
            return False
        if token.word in ARTICLES or not any(map(str.isalnum, token.word)):
            return False
        if token.word in _AMOUNTS and self.word(at - 1) == "how":
            return False
        if led:
            return token.word not in _OF_ORDER
        free = token.word not in _WORDS_FOR_WORK and (token.kind is Kind.CODE or self.word(at + 1) != "first")
        return compared or free

    def names(self, at: int, *, any_word: bool = False, led: bool = False) -> list[int]:
        """Where names stand in a row from `at`: `date and balance`, `name, email`, `city and then by name`.

        With `any_word`, those count as well that are names only where it's plain that they are; `led` says
        that the first stands behind a word such as `by`.
        """
        found: list[int] = []
        joined, closed = True, False
        while at < len(self.tokens):
            word = self.words[at]
            if word in ARTICLES:
                at += 1
            elif word in _LISTING and found and not joined and not closed:
                joined, closed = True, word != ","
                after = self.skip(at + 1, _THEN)
                closed = closed and after == at + 1
                at = after
            elif (
                joined
                and (
                    self.can_name(at, compared=any_word, led=led and not found)
                    or (found and word in _NAMES_TOO and self._ends(at + 1))
                )
                and (closed or not found or self._goes_on(at + 1))
                and not (found and self.word(at + 1) in _OBJECTS)
            ):
                found.append(at)
                joined, at = False, at + 1
            elif joined and word in {"and", "&"} and found:
                closed = self.skip(at + 1, _THEN) == at + 1
                at = self.skip(at + 1, _THEN)
            else:
                break
        return found

    def _goes_on(self, at: int) -> bool:
        """Whether a list goes on here, or the clause ends."""
        return at >= len(self.tokens) or self.words[at] in _ENDING_LISTS or self.tokens[at].kind is Kind.BREAK

    def _ends(self, at: int) -> bool:
        return (
            at >= len(self.tokens) or self.tokens[at].kind is Kind.BREAK or self.words[at] in {"of", "from"}
        )

    def skip(self, at: int, words: Collection[str], *, step: int = 1) -> int:
        """The first place from `at` on, forwards or backwards, that has none of the words."""
        while self.word(at) in words and self.word(at):
            at += step
        return at
