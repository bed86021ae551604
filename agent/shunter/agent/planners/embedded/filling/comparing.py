"""Conditions: a column, a comparison, a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.phrases import COMPARISONS, LACKING, NEED_NO_VALUE
from shunter.agent.planners.embedded.thesaurus import STOP_WORDS
from shunter.agent.planners.embedded.tokens import Kind, Token
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_ORDERS = frozenset({"less", "at_most", "greater", "at_least"})
_LEADERS = frozenset("whose where with having column field".split())
_WITHOUT = frozenset("without except drop remove exclude excluding discard delete omit skip throw".split())
_INVERSE = {
    "equals": "differs", "differs": "equals", "is_empty": "is_filled", "is_filled": "is_empty",
    "less": "at_least", "at_least": "less", "greater": "at_most", "at_most": "greater",
}  # fmt: skip
_SPEAKING = frozenset({"i", "we", "you"})
_WHOLE = 0.4
"""How much surer a function is whose condition is said whole."""
_STATES = {"empty": "is_empty", "blank": "is_empty", "missing": "is_empty", "filled": "is_filled"}
_HAVING = frozenset({"with", "have", "has", "having"})
_KINDS_OF_COLUMN = frozenset("column field cell value entry".split())
_NO_VALUES = (STOP_WORDS - {"no", "not", "new", "old", "good", "done", "most", "best"}) | GREATEST | LEAST
_GOING_ON = frozenset("and then as sorted joined grouped in into to with by per for on from please".split())
_COPULAS = frozenset("that is are was were be has have value values of s".split())
_BEFORE_VALUE = ARTICLES | {"to", "than", "equal", "exactly"}


@dataclass(frozen=True, slots=True)
class _Condition:
    liking: float
    choice: str
    column: int
    value: int | None


def find_condition(filling: Filling) -> None:
    """Give a function that compares a column with a value all three: column, comparison, value."""
    ports = _ports(filling)
    if ports is None:
        return
    column, operator, value = ports
    kind = bare(operator.type)
    assert isinstance(kind, t.Enum)
    best = max(_conditions(filling.clause, kind.choices), key=lambda found: found.liking, default=None)
    if best is None:
        return
    tokens = filling.clause.tokens
    filling.give(column, tokens[best.column].text, best.column)
    inverted = _is_inverted(filling.clause, best.column)
    filling.give(operator, _INVERSE.get(best.choice, best.choice) if inverted else best.choice)
    filling.sure += _WHOLE
    if best.value is not None:
        filling.give(value, tokens[best.value].text, best.value)


def _is_inverted(clause: Clause, column: int) -> bool:
    """Whether rows are meant that don't meet the condition: `without those whose …`."""
    return any(
        (clause.words[at] in _WITHOUT or clause.words[at : at + 2] == ["leave", "out"])
        and not _LEADERS.isdisjoint(clause.words[at + 1 : column])
        for at in range(max(0, column - 8), column)
    )


def _ports(filling: Filling) -> tuple[Parameter, Parameter, Parameter] | None:
    operators = [
        parameter for parameter in filling.open(t.Enum) if {"equals", "contains"} <= set(_choices(parameter))
    ]
    texts = list(filling.open(t.Str))
    columns = [parameter for parameter in texts if "column" in stems_of(f"{parameter.name} {parameter.doc}")]
    values = [parameter for parameter in texts if parameter not in columns]
    return (columns[0], operators[0], values[0]) if operators and columns and values else None


def _choices(parameter: Parameter) -> tuple[str, ...]:
    kind = bare(parameter.type)
    return kind.choices if isinstance(kind, t.Enum) else ()


def _conditions(clause: Clause, choices: tuple[str, ...]) -> Iterator[_Condition]:
    for choice in choices:
        for phrase in COMPARISONS.get(choice, ()):
            for at in clause.find(phrase):
                yield from _condition(clause, choice, at, at + len(phrase.split()))
    if "equals" in choices:
        for leader in sorted(_LEADERS - {"column", "field"}):
            for at in clause.find(leader):
                yield from _plain(clause, clause.skip(at + 1, ARTICLES))
    if "is_empty" in choices:
        yield from _lacking(clause)


def _lacking(clause: Clause) -> Iterator[_Condition]:
    """A column that is empty or filled, without a verb: `without a phone`, `an empty phone column`."""
    for phrase in LACKING:
        for at in clause.find(phrase):
            column = clause.skip(at + len(phrase.split()), {"a", "an", "the", "any"})
            if clause.can_name(column):
                yield _Condition(2.0, "is_empty", column, None)
    for word, choice in _STATES.items():
        for at in clause.find(word):
            having = clause.word(at - 1) in {"a", "an"} and clause.word(at - 2) in _HAVING
            if clause.can_name(at + 1) and (having or clause.word(at + 2) in _KINDS_OF_COLUMN):
                yield _Condition(4.0, choice, at + 1, None)


def _plain(clause: Clause, column: int) -> Iterator[_Condition]:
    """A column and its value without a comparison: `with status unpaid`."""
    value = column + 1
    if value >= len(clause.tokens):
        return
    after = clause.places[value] + 1
    ends = after >= len(clause.whole) or clause.whole[after].kind is Kind.BREAK
    if not (ends or clause.whole[after].word in _GOING_ON):
        return
    if clause.can_name(column) and clause.can_name(value) and clause.tokens[column].kind is Kind.WORD:
        yield _Condition(1.5, "equals", column, value)


def _condition(clause: Clause, choice: str, start: int, end: int) -> Iterator[_Condition]:
    column = clause.skip(start - 1, _COPULAS, step=-1)
    if clause.word(column) in _LEADERS and clause.word(column + 1) in {"value", "values"}:
        column += 1  # a column that is called so
    elif not _can_be_column(clause, column):
        yield from _counted(clause, choice, start, end)
        return
    led = clause.word(clause.skip(column - 1, ARTICLES, step=-1)) in _LEADERS
    if column in clause.mentioned and not led:
        return
    liking = 2.0 * (end - start) + 3.0 * led
    if choice in NEED_NO_VALUE:
        yield _Condition(liking, choice, column, None)
        return
    value = clause.skip(end, _BEFORE_VALUE)
    if value < len(clause.tokens) and _can_be_value(clause.tokens[value], choice):
        yield _Condition(liking + clause.tokens[value].is_literal, choice, column, value)


def _can_be_column(clause: Clause, column: int) -> bool:
    """Whether a word before a comparison may be a column: not the verb of who speaks, as in `I need`."""
    return clause.can_name(column, compared=True) and clause.word(column - 1) not in _SPEAKING


def _counted(clause: Clause, choice: str, start: int, end: int) -> Iterator[_Condition]:
    """A column that stands behind its number: `with more than 5 items`, `larger than 900 bytes`."""
    value = clause.skip(end, _BEFORE_VALUE)
    if choice not in _ORDERS or end - start < 2 or value + 1 >= len(clause.tokens):
        return
    column = clause.tokens[value + 1]
    if clause.tokens[value].kind is Kind.NUMBER and column.word.endswith("s") and clause.can_name(value + 1):
        yield _Condition(2.0 * (end - start), choice, value + 1, value)


def _can_be_value(token: Token, choice: str) -> bool:
    if token.kind is Kind.WORD and token.word in _NO_VALUES:
        return False
    if choice in _ORDERS:
        return token.kind in {Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.QUOTED}
    return token.kind not in {Kind.BREAK, Kind.KEYS}
