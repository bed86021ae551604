"""Functions that compare a column with a value."""

from __future__ import annotations

import re

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.condition import LEADERS, Condition
from shunter.agent.planners.embedded.filling.conditions import conditions
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.phrases import IMPLIED
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter

_WITHOUT = frozenset(
    """without except drop dropping remove removing exclude excluding discard discarding delete deleting omit
    omitting skip skipping throw weed""".split()
)
_LEAVING = frozenset("leave leaving take taking throw throwing filter filtering kick".split())
_ROWS = frozenset("rows row records record entries entry lines all every any ones those everything".split())
_REMOVED = frozenset({"removed", "dropped", "excluded", "discarded", "deleted"})
_INVERSE = {
    "equals": "differs", "differs": "equals", "is_empty": "is_filled", "is_filled": "is_empty",
    "less": "at_least", "at_least": "less", "greater": "at_most", "at_most": "greater",
}  # fmt: skip
_WHOLE = 0.4
"""How much surer a function is whose condition is said whole."""


def find_condition(filling: Filling) -> None:
    """Give a function that compares a column with a value all three: column, comparison, value."""
    ports = _ports(filling)
    if ports is None:
        return
    choices = {*_choices(ports[1]), *(("begins", "ends") if "matches" in _choices(ports[1]) else ())}
    fitting = (found for found in conditions(filling.clause) if found.choice in choices)
    best = max(fitting, key=lambda found: found.liking, default=None)
    if best is None:
        return
    inverting = _inverting(filling.clause, best)
    inverted = inverting is not None
    filling.used.update(() if inverting is None else (inverting,))
    for parameter, (value, places) in zip(
        ports, _arguments(filling.clause, best, inverted=inverted), strict=True
    ):
        if value is not None:
            filling.give(parameter, value, *places)
    filling.sure += -_WHOLE if best.unsure else _WHOLE
    if best.further is not None and not inverted:
        further = _arguments(filling.clause, best.further, inverted=False)
        filling.further = {
            parameter.name: value
            for parameter, (value, _) in zip(ports, further, strict=True)
            if value is not None
        }
        filling.used.update(best.further.places)
        filling.sure += 2 * _WHOLE


def _arguments(
    clause: Clause, found: Condition, *, inverted: bool
) -> tuple[tuple[JsonValue, tuple[int, ...]], ...]:
    """Column, comparison and value, each with the places where it stands."""
    column: tuple[JsonValue, tuple[int, ...]] = (str(found.column), ())
    if isinstance(found.column, int):
        word = clause.tokens[found.column]
        column = (IMPLIED.get(word.word, word.text), (found.column,))
    choice, value = found.choice, found.value
    if choice in {"begins", "ends"}:
        choice, value = "matches", _anchored(str(value), begins=choice == "begins")
    return column, (_INVERSE.get(choice, choice) if inverted else choice, found.places), (value, ())


def _anchored(text: str, *, begins: bool) -> str:
    escaped = re.escape(text).replace("\\ ", " ").replace("\\-", "-")
    return f"^{escaped}" if begins else f"{escaped}$"


def _inverting(clause: Clause, found: Condition) -> int | None:
    """Where it's said that rows are meant that don't meet the condition: `without those whose …`."""
    first = min((place for place in (found.column, *found.places) if isinstance(place, int)), default=0)
    for at in range(max(0, first - 8), first):
        between = clause.words[at + 1 : first]
        leaves = clause.words[at] in _LEAVING and "out" in clause.words[at + 1 : at + 3]
        rid = clause.words[at : at + 3] == ["get", "rid", "of"] or clause.words[at : at + 3] == [
            "getting",
            "rid",
            "of",
        ]
        if (clause.words[at] in _WITHOUT or leaves or rid) and not (LEADERS | _ROWS).isdisjoint(between):
            return at
    last = max(found.places, default=first)
    for at in range(last + 1, min(last + 5, len(clause.words))):
        if clause.words[at] in _REMOVED or (clause.words[at] in _LEAVING and clause.word(at + 1) == "out"):
            return at
    return None


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
