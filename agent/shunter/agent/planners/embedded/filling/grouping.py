"""Totals: what is summed up, how, and for which groups."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.choices import said_choice
from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.filling.condition import hinted_column
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.lexicon import bare
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_GROUPS = (
    "by",
    "per",
    "for each",
    "for every",
    "in each",
    "in every",
    "of each",
    "of every",
    "does each",
    "did each",
    "has each",
    "what each",
    "what every",
    "much each",
    "much every",
    "many each",
    "per value of",
    "by value of",
    "for each value of",
    "for every value of",
    "per distinct",
    "rows each",
    "entries each",
    "records each",
    "lines each",
)
_FOR_GROUPS = frozenset("by per for in of".split())
_BETWEEN = ARTICLES | {"of", "up", "value", "values"}
_WHOLE = 0.4
"""How much surer a function is whose total is said whole: what is summed up, and how."""
_NEEDS_COLUMN = frozenset({"sum", "mean", "min", "max"})


def find_totals(filling: Filling) -> None:
    """Give a function that sums up groups its columns, and what to compute."""
    totals = [parameter for parameter in filling.open(t.Enum) if "mean" in _choices(parameter)]
    groups = [
        parameter for parameter in filling.open(t.ListOf) if parameter.required and _is_names(parameter)
    ]
    columns = [parameter for parameter in filling.open(t.Str) if not parameter.required]
    if not totals or not groups:
        return
    by = next(_names_after(filling, _GROUPS), [])
    by = [at for at in by if at == by[0] or filling.clause.word(at) not in _choices(totals[0])]
    spot = said_choice(filling.clause, _choices(totals[0]))
    if spot is not None:
        choice, at, length = spot
        column = filling.clause.skip(at + length, _BETWEEN)
        if filling.clause.words[column : column + 3] == ["everything", "in", "column"]:
            column += 3
        called_value = (
            filling.clause.word(column - 1) == "value" and filling.clause.word(column) in _FOR_GROUPS
        )
        column -= called_value
        if choice not in _NEEDS_COLUMN:
            filling.give(totals[0], choice, at)
        elif (
            columns
            and not _can_be_summed(filling.clause, column)
            and (hint := hinted_column(filling.clause)) is not None
        ):
            filling.give(totals[0], choice, at)
            filling.give(columns[0], filling.clause.tokens[hint].text, hint)
            filling.sure += _WHOLE
        elif columns and (called_value or _can_be_summed(filling.clause, column)) and column not in by:
            filling.give(totals[0], choice, at)
            filling.give(columns[0], filling.clause.tokens[column].text, column)
            filling.sure += _WHOLE
            if not by:
                filling.give(groups[0], [])
    if by:
        filling.give(groups[0], [filling.clause.tokens[at].text for at in by], *by)


def _can_be_summed(clause: Clause, at: int) -> bool:
    """Whether a column may be named here; before `by` also one that is called like an input."""
    return clause.can_name(at) or (at in clause.mentioned and clause.word(at + 1) in _FOR_GROUPS)


def _names_after(filling: Filling, phrases: tuple[str, ...]) -> Iterator[list[int]]:
    for order, at in filling.clause.spots(phrases):
        if found := filling.clause.names(at + len(phrases[order].split()), led=True):
            yield found


def _choices(parameter: Parameter) -> tuple[str, ...]:
    kind = bare(parameter.type)
    return kind.choices if isinstance(kind, t.Enum) else ()


def _is_names(parameter: Parameter) -> bool:
    kind = bare(parameter.type)
    return isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)
