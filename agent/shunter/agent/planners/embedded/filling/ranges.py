"""Conditions of two ends: from one value to another."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.filling.condition import (
    LEADERS,
    ORDERS,
    Condition,
    hinted_column,
    is_ordered,
)
from shunter.agent.planners.embedded.phrases import COMPARISONS

COPULAS = frozenset("that is are was were be has have value values of s lies lie falls fall ranges".split())
UNITS_OF_MONEY = frozenset("euros euro dollars pounds eur usd gbp".split())


def ranges(clause: Clause) -> Iterator[Condition]:
    """A range: `the price is between 10 and 20`, `ages from 30 to 39`."""
    for at, word in enumerate(clause.words):
        if word not in {"between", "from"}:
            continue
        low = clause.skip(at + 1, ARTICLES)
        mid = clause.skip(low + 1, UNITS_OF_MONEY)
        high = clause.skip(mid + 1, ARTICLES)
        if clause.word(mid) not in ({"and"} if word == "between" else {"to", "till", "until"}):
            continue
        if not (is_ordered(clause, low) and is_ordered(clause, high)):
            continue
        column = clause.skip(at - 1, COPULAS, step=-1)
        named = clause.can_name(column, compared=True)
        hint = hinted_column(clause)
        if (not named and hint is None) or (word == "from" and not named):
            continue
        where = hint if hint is not None else column
        if (
            word == "from"
            and hint is None
            and clause.word(clause.skip(column - 1, ARTICLES, step=-1)) not in LEADERS
        ):
            continue
        upper = Condition(0.0, "at_most", where, clause.tokens[high].text, (mid, high))
        yield Condition(5.0, "at_least", where, clause.tokens[low].text, (at, low), upper)


def going_on(clause: Clause, first: Condition, at: int) -> Condition | None:
    """A second comparison of the same column: `above 10 and below 20`."""
    if first.choice not in ORDERS:
        return None
    start = clause.skip(at + 1, {",", "and", "but", "is", "at", "the", "same", "time"} - {"at"})
    if start == at + 1 or start >= len(clause.tokens):
        return None
    for choice in sorted(ORDERS - {first.choice}):
        for phrase in COMPARISONS[choice]:
            end = start + len(phrase.split())
            if clause.words[start:end] == phrase.split() and is_ordered(clause, end):
                after = clause.skip(end + 1, UNITS_OF_MONEY)
                if clause.word(after).endswith("s") and clause.can_name(after):
                    return None
                return Condition(
                    0.0, choice, first.column, clause.tokens[end].text, tuple(range(start, end + 1))
                )
    return None
