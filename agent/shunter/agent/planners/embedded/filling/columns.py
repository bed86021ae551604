"""Names of columns."""

from __future__ import annotations

from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.thesaurus import GREATEST, LEAST
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_DROPPING = frozenset({"without", "except", "drop", "but"})
_LEADERS = {
    "by": ("by", "on"),
    "on": ("on", "by", "using", "via", "through", "over"),
    "columns": ("columns", "column", "fields", "keep only", "keep just", "only", "just", "keep", "select"),
}


def find_columns(filling: Filling) -> None:
    """Give parameters that take columns the names that are said after their leading words."""
    for parameter in list(filling.open(t.ListOf, t.Str)):
        kind = bare(parameter.type)
        many = isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)
        if not many and not (isinstance(kind, t.Str) and _is_column(parameter)):
            continue
        if places := _said(filling, parameter):
            names = [filling.clause.tokens[at].text for at in places]
            filling.give(parameter, [*names] if many else names[0], *(places if many else places[:1]))


def _is_column(parameter: Parameter) -> bool:
    return "column" in stems_of(f"{parameter.name} {parameter.doc}")


def _said(filling: Filling, parameter: Parameter) -> list[int]:
    clause = filling.clause
    if parameter.name == "by":
        for at, word in enumerate(clause.words):
            ordered = word in GREATEST or word in LEAST
            if ordered and clause.word(at + 2) in {"first", "on"} and clause.can_name(at + 1, compared=True):
                return [at + 1]
    for leader in _LEADERS.get(parameter.name, (parameter.name.replace("_", " "), "column")):
        for at in clause.find(leader):
            if not _DROPPING.isdisjoint(clause.words[max(0, at - 2) : at]):
                continue
            found = [place for place in clause.names(at + len(leader.split())) if place not in filling.used]
            if found:
                return found
    start = clause.skip(
        0, {",", "and", "then", "i", "want", "need", "give", "me", "show", "the", "only", "just"}
    )
    found = clause.names(start) if parameter.name == "columns" else []
    return found if len(found) > 1 or clause.word(start + len(found)) in {"of", "from"} else []
