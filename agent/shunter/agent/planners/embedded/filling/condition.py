"""A condition, and what its column and its value may look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.thesaurus import STOP_WORDS
from shunter.agent.planners.embedded.tokens import Token

ORDERS = frozenset({"less", "at_most", "greater", "at_least"})
LEADERS = frozenset("whose where with having column field".split())
KINDS_OF_COLUMN = frozenset("column field cell value entry".split())
ROWS = frozenset("rows row records record entries entry those ones who everyone people".split())
GOING_ON = frozenset("and then as sorted joined grouped in into to with by per for on from please".split())
_NO_VALUES = (
    (STOP_WORDS - {"no", "not", "new", "old", "good", "done", "most", "best"})
    | {"isn't", "aren't"}
    | GREATEST
    | LEAST
)
_EVERYBODY = frozenset("everyone everybody everything anyone anybody anything whoever whatever all".split())
_SPEAKING = frozenset({"i", "we", "you"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`column` is where its name stands, or the name that is meant where none stands there.

    `places` are those of the comparison and of its value. `further` is what holds of the column as well.
    """

    liking: float
    choice: str
    column: int | str
    value: str | None
    places: tuple[int, ...]
    further: Condition | None = None
    unsure: bool = False


def hinted_column(clause: Clause) -> int | None:
    """The column that is named for what the rest says: `(column amount)`, `the column is salary`."""
    for at, word in enumerate(clause.words):
        if word not in {"column", "field"}:
            continue
        name = clause.skip(at + 1, {"is", "called", "named", "the"})
        if clause.can_name(name, compared=True) and clause.word(name) not in KINDS_OF_COLUMN:
            return name
        if clause.can_name(at - 1) and clause.word(at - 2) in {"the", "in", "by", "("}:
            return at - 1
    for at, word in enumerate(clause.words):
        if word == "(" and clause.word(at + 2) == ")" and clause.can_name(at + 1):
            return at + 1
    return None


def is_ordered(clause: Clause, at: int) -> bool:
    """Whether a value stands there that is less than others, or more."""
    kinds = {Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.QUOTED}
    return 0 <= at < len(clause.tokens) and clause.tokens[at].kind in kinds


def alternatives(clause: Clause, at: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What else a value may be: `Spain or Portugal`."""
    while clause.word(at) in {"or", ","}:
        follower = clause.skip(at + 1, {"or", *ARTICLES})
        if follower >= len(clause.tokens) or not can_be_value(clause.tokens[follower], "equals"):
            return
        if (
            clause.word(at) == ","
            and clause.word(follower + 1) not in {"or", ","}
            and clause.word(follower - 1) != "or"
        ):
            return
        text, places = value_at(clause, follower)
        yield text, places
        at = places[-1] + 1


def value_at(clause: Clause, at: int) -> tuple[str, tuple[int, ...]]:
    """The value that begins at a place: of names with capitals all words, `New York`."""
    end = at + 1
    if _is_proper(clause, at):
        while _is_proper(clause, end):
            end += 1
    return " ".join(token.text for token in clause.tokens[at:end]), tuple(range(at, end))


def _is_proper(clause: Clause, at: int) -> bool:
    return (
        0 <= at < len(clause.tokens)
        and clause.tokens[at].kind is Kind.WORD
        and clause.tokens[at].text.istitle()
        and at not in clause.mentioned
    )


def can_be_column(clause: Clause, column: int) -> bool:
    """Whether a word before a comparison may be a column: not the verb of who speaks, as in `I need`."""
    speaks = clause.word(column - 1) in _SPEAKING or clause.word(column) in _EVERYBODY
    return clause.can_name(column, compared=True) and not speaks


def can_be_value(token: Token, choice: str) -> bool:
    """Whether something can be compared with a token in a way."""
    if token.kind is Kind.WORD and token.word in _NO_VALUES:
        return False
    if choice in ORDERS:
        quoted = token.kind is Kind.QUOTED and token.text[:1].isdigit()
        return quoted or token.kind in {Kind.NUMBER, Kind.DATE, Kind.TIME}
    return token.kind not in {Kind.BREAK, Kind.KEYS}
