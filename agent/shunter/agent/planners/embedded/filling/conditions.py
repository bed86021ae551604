"""Conditions as they are said: a column, a comparison, a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.filling.condition import (
    GOING_ON,
    LEADERS,
    ORDERS,
    ROWS,
    Condition,
    alternatives,
    can_be_column,
    can_be_value,
    hinted_column,
    is_ordered,
    value_at,
)
from shunter.agent.planners.embedded.filling.presence import presence
from shunter.agent.planners.embedded.filling.ranges import COPULAS, UNITS_OF_MONEY, going_on, ranges
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.phrases import (
    BEHIND_VALUE,
    COMPARISONS,
    IMPLIED,
    NEED_NO_VALUE,
    SIGNS_OF,
)
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import NOUNS, POLITE

_KINDS_OF_ROWS = frozenset("type kind category status class severity level priority state".split())
"""Columns whose value is said behind an `of`: `events of type deploy`."""
_TITLES = frozenset({"heading", "title", "caption", "headline", "header"})
_BEFORE_VALUE = ARTICLES | frozenset(
    "to than equal exactly value word text letters either regex regexp pattern".split()
)
_OUT_OF_REACH = 12
_TABLE = "text/csv"
_BARE = frozenset("over under above below exceeds exceeding exceed".split())
"""Words for comparisons that may stand alone before a number and what it counts: `over 5 items`."""
_BYTES = {"kilobytes": 1_000, "megabytes": 1_000_000, "gigabytes": 1_000_000_000}
_MEASURES = frozenset(
    map(stem, "words lines characters tokens passages sentences pixels seconds minutes".split())
)
"""What texts and recordings are measured by; a column only where there is a table."""


def conditions(clause: Clause) -> Iterator[Condition]:
    """All conditions that the words of a clause may stand for, each with what speaks for it."""
    for found in _all(clause):
        at = max((place for place in (*found.places, found.column) if isinstance(place, int)), default=0)
        yield replace(found, further=going_on(clause, found, at)) if found.further is None else found


def _all(clause: Clause) -> Iterator[Condition]:
    yield from ranges(clause)
    for choice, phrases in COMPARISONS.items():
        for order, at in clause.spots(phrases):
            yield from _compared(clause, choice, at, at + len(phrases[order].split()))
    for choice, phrases in BEHIND_VALUE.items():
        for order, at in clause.spots(phrases):
            yield from _behind(clause, choice, at, at + len(phrases[order].split()))
    for leader in sorted(LEADERS - {"column", "field"} | {"have", "has"}):
        for at in clause.find(leader):
            yield from _plain(clause, at, clause.skip(at + 1, ARTICLES))
    for at in clause.find("of"):
        if clause.word(at + 1) in _KINDS_OF_ROWS:
            yield from _plain(clause, at, at + 1)
    yield from presence(clause)
    yield from _hinted(clause)


def _hinted(clause: Clause) -> Iterator[Condition]:
    """A value that is all that is said of a named column: `flights to Oslo (column destination)`."""
    column = hinted_column(clause)
    if column is None or clause.word(column - 1) not in {"column", "field", "is", "called", "named"}:
        return
    for phrase in ("in the column", "in column", "in the field"):
        for at in clause.find(phrase):
            if (
                at > 1
                and column == at + len(phrase.split())
                and can_be_value(clause.tokens[at - 1], "equals")
            ):
                yield Condition(2.0, "equals", column, *value_at(clause, at - 1))
    for at, token in enumerate(clause.tokens[: max(0, column - 1)]):
        literal = token.kind in {Kind.QUOTED, Kind.CODE, Kind.DATE}
        if literal or (
            at > 0 and token.kind is Kind.WORD and token.text[:1].isupper() and clause.can_name(at)
        ):
            yield Condition(0.5 + literal, "equals", column, *value_at(clause, at))


def _speaks_of_rows(clause: Clause, at: int, value: int) -> bool:
    """Whether something `has` a value: `rows that have status open`, `which have a stock of 0`."""
    token = clause.tokens[value]
    certain = token.is_literal or token.text[:1].isupper()
    return certain or not ({"that", "which"} | ROWS).isdisjoint(clause.words[max(0, at - 1) : at])


def _plain(clause: Clause, leader: int, column: int) -> Iterator[Condition]:
    """A column and its value without a comparison: `with status unpaid`, `with a stock of 0`."""
    value = column + 1 + (clause.word(column + 1) == "of")
    if value >= len(clause.tokens):
        return
    text, places = value_at(clause, value)
    after = clause.places[places[-1]] + 1
    ends = after >= len(clause.whole) or clause.whole[after].kind is Kind.BREAK
    if not (ends or clause.whole[after].word in GOING_ON):
        return
    exact = clause.can_name(value) or is_ordered(clause, value)
    if value > column + 1 and not clause.tokens[value].is_literal:
        return
    if clause.word(leader) in {"have", "has"} and not _speaks_of_rows(clause, leader, value):
        return
    if clause.word(column) in _TITLES:
        return
    if clause.can_name(column) and exact and clause.tokens[column].kind is Kind.WORD:
        if (
            clause.tokens[value].kind is Kind.NUMBER
            and value == column + 1
            and not clause.tokens[value].text.isdigit()
        ):
            return
        yield Condition(1.5, "equals", column, text, places)


def _compared(clause: Clause, choice: str, start: int, end: int) -> Iterator[Condition]:
    column: int | str = clause.skip(start - 1, COPULAS, step=-1)
    assert isinstance(column, int)
    if column == start - 1 and choice in ORDERS and _is_act(clause, column, end):
        if clause.word(end + 1) in {"bytes", *_BYTES}:
            yield from _counted(clause, choice, start, end)
        return  # it may see no more than 4 passages
    if clause.word(column) in LEADERS and clause.word(column + 1) in {"value", "values"}:
        column += 1  # a column that is called so
    elif not can_be_column(clause, column):
        yield from _counted(clause, choice, start, end)
        yield from _implied(clause, choice, start, end)
        return
    led = clause.word(clause.skip(column - 1, ARTICLES, step=-1)) in LEADERS
    if clause.tokens[column].stem in NOUNS and clause.word(column).endswith("s"):
        for found in _counted(clause, choice, start, end):
            yield replace(found, liking=found.liking + 2.0)
    if column in clause.mentioned and not led:
        yield from _implied(clause, choice, start, end)
        return
    liking = 2.0 * (end - start) + 3.0 * led
    if choice in NEED_NO_VALUE:
        yield Condition(liking, choice, column, None, tuple(range(start, end)))
        return
    if not led:
        yield from _implied(clause, choice, start, end)
    yield from _valued(clause, choice, column, start, end, liking)


def _is_act(clause: Clause, verb: int, value: int) -> bool:
    """Whether somebody does something with so many things: `use at most 5 passages`."""
    counted = value < len(clause.tokens) and clause.tokens[value].kind is Kind.NUMBER
    acts = 0 <= verb < len(clause.tokens) and clause.tokens[verb].stem in POLITE
    return counted and acts and clause.word(value + 1).endswith("s") and clause.can_name(value + 1)


def _valued(
    clause: Clause, choice: str, column: int | str, start: int, end: int, liking: float
) -> Iterator[Condition]:
    value = clause.skip(end, _BEFORE_VALUE)
    if value >= len(clause.tokens):
        return
    said = tuple(range(start, end))
    if choice in {"equals", "differs"} and clause.word(value) in SIGNS_OF:
        sign, number = SIGNS_OF[clause.word(value)]
        yield Condition(liking + 1.0, sign, column, number, (*said, value))
    elif can_be_value(clause.tokens[value], choice):
        text, places = value_at(clause, value)
        yield Condition(liking + clause.tokens[value].is_literal, choice, column, text, (*said, *places))
        if choice == "equals" and len(either := list(alternatives(clause, places[-1] + 1))) > 0:
            texts = [text, *(other for other, _ in either)]
            pattern = f"^({'|'.join(map(re.escape, texts))})$"
            more = [place for _, spots in either for place in spots]
            yield Condition(liking + 2.0, "matches", column, pattern, (*said, *places, *more))


def _behind(clause: Clause, choice: str, start: int, end: int) -> Iterator[Condition]:
    """A comparison that stands behind its value: `a score of 18 or more`, `18 or more points`."""
    value = clause.skip(start - 1, UNITS_OF_MONEY, step=-1)
    if not is_ordered(clause, value):
        return
    said = (value, *range(start, end))
    text = clause.tokens[value].text
    column = clause.skip(value - 1, COPULAS | ARTICLES | {"at", "from"}, step=-1)
    if can_be_column(clause, column) and column not in clause.mentioned:
        led = clause.word(clause.skip(column - 1, ARTICLES, step=-1)) in LEADERS
        yield Condition(5.0 + 3.0 * led, choice, column, text, said)
    elif clause.word(end).endswith("s") and clause.can_name(end):
        yield Condition(4.0, choice, end, text, said)
    elif (hint := hinted_column(clause)) is not None:
        yield Condition(4.0, choice, hint, text, said)


def _counted(clause: Clause, choice: str, start: int, end: int) -> Iterator[Condition]:
    """A column that stands behind its number: `with more than 5 items`, `larger than 900 bytes`."""
    value = clause.skip(end, _BEFORE_VALUE)
    bare = end - start < 2 and clause.word(start) not in _BARE
    if choice not in ORDERS or bare or value + 1 >= len(clause.tokens):
        return
    column, number = clause.tokens[value + 1], clause.tokens[value].number
    if column.stem in _MEASURES and _TABLE not in clause.given:
        return  # passages of at most 80 words
    liking, places = 2.0 * max(2, end - start), (*range(start, end), value)
    if number is not None and column.word in _BYTES:
        size = f"{number * _BYTES[column.word]:.0f}"
        yield Condition(liking, choice, "bytes", size, (*places, value + 1), unsure=True)
        return
    counts = column.word.endswith("s") and column.word not in UNITS_OF_MONEY and clause.can_name(value + 1)
    if counts and clause.tokens[value].kind is Kind.NUMBER:
        yield Condition(liking, choice, value + 1, clause.tokens[value].text, places, unsure=True)


def _implied(clause: Clause, choice: str, start: int, end: int) -> Iterator[Condition]:
    """A column that is named apart, or that the comparison implies: `older than 30`."""
    if choice not in ORDERS:
        return
    hint = hinted_column(clause)
    if hint is not None and abs(hint - start) <= _OUT_OF_REACH:
        yield from _valued(clause, choice, hint, start, end, 2.0 * (end - start) + 4.0)
        return
    words = clause.words[max(0, start - 1) : end]
    column = next((IMPLIED[word] for word in words if word in IMPLIED), None)
    if column is not None:
        yield from _valued(clause, choice, column, start, end, 2.0 * (end - start) + 0.5)
