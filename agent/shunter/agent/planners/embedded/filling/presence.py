"""Columns that are empty or filled, said without a verb: `without a phone`, `rows with an email`."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.condition import GOING_ON, KINDS_OF_COLUMN, ROWS, Condition
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.phrases import LACKING

_STATES = {
    "empty": "is_empty",
    "blank": "is_empty",
    "missing": "is_empty",
    "filled": "is_filled",
    "null": "is_empty",
    "non-null": "is_filled",
}
_HAVING = frozenset({"with", "have", "has", "having"})
_PARTNERS = frozenset({"match", "partner", "counterpart", "equivalent", "entry"})
"""What rows of two tables are to each other, and no columns."""


def presence(clause: Clause) -> Iterator[Condition]:
    """All conditions of this kind that the words of a clause may stand for."""
    yield from _lacking(clause)
    yield from _present(clause)


def _lacking(clause: Clause) -> Iterator[Condition]:
    """A column that is empty or filled, without a verb: `without a phone`, `an empty phone column`."""
    for phrase in LACKING:
        for at in clause.find(phrase):
            column = clause.skip(at + len(phrase.split()), {"a", "an", "the", "any", "value", "in", "for"})
            named = clause.can_name(column) and not clause.word(column).endswith("ing")
            if named and clause.word(column) not in _PARTNERS:
                yield Condition(2.0, "is_empty", column, None, (at,))
    for word, choice in _STATES.items():
        for at in clause.find(word):
            led = clause.skip(at - 1, {"a", "an", "the"}, step=-1)
            having = clause.word(led) in _HAVING and clause.word(led - 1) != "begin"
            if clause.can_name(at + 1) and (having or clause.word(at + 2) in KINDS_OF_COLUMN):
                yield Condition(5.0, choice, at + 1, None, (at,))


def _present(clause: Clause) -> Iterator[Condition]:
    """A column that is filled: `rows with an email`, `members who have a phone`."""
    for at, word in enumerate(clause.words):
        if word not in _HAVING or (clause.word(at - 1) not in ROWS and clause.word(at - 2) not in ROWS):
            continue
        column = clause.skip(at + 1, {"a", "an", "any", "some"})
        ends = column + 1 >= len(clause.tokens) or clause.tokens[column + 1].kind is Kind.BREAK
        if clause.can_name(column) and (ends or clause.word(column + 1) in GOING_ON):
            yield Condition(1.0, "is_filled", column, None, (at,))
