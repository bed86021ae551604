"""Names of columns."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.condition import hinted_column
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.filling.sharing import shared_column
from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.phrases import IMPLIED
from shunter.agent.planners.embedded.thesaurus import POLITE
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_DROPPING = frozenset({"without", "except", "drop", "but"})
_KEEPING = ("except for", "except", "but", "other than", "apart from", "besides")
_DROPPED = frozenset("drop remove delete discard throw omit dump lose leave get strip cut".split())
"""What stands before columns that are kept where all others are dropped: `drop all columns but name`."""
_OTHERWISE = frozenset("labels command texts variables redirects".split())
"""Lists of texts that are no columns."""
_ENDS = GREATEST | LEAST | {"most", "fewest"}
_TOTALS = frozenset(
    """group groups number numbers total totals count counts sum sums value values ones
    file files row rows record records entry entries item items document documents folder folders""".split()
)
"""What an order is said of that is no column: `biggest group first`."""
_ONLY = frozenset({"only", "just"})
_COLUMNS = frozenset("column columns field fields cols col".split())
_SHOWN = frozenset("web html page screen paper top demand".split())
"""What something is shown `on`, rather than put together."""
_LEADERS = {
    "by": ("by", "in order of", "in the order of", "according to", "on"),
    "on": ("on", "by", "using", "via", "through", "over"),
    "columns": (
        "columns",
        "column",
        "cols",
        "fields",
        "reduce to",
        "down to",
        "need are",
        "need is",
        "keep only",
        "keep just",
        "only",
        "just",
        "keep",
        "leave",
        "nothing but",
        "nothing except",
        "nothing other than",
        "select",
    ),
}


def find_columns(filling: Filling) -> None:
    """Give parameters that take columns the names that are said after their leading words."""
    for parameter in list(filling.open(t.ListOf, t.Str)):
        kind = bare(parameter.type)
        many = isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str)
        if parameter.name in _OTHERWISE:
            continue
        if not many and not (isinstance(kind, t.Str) and _is_column(parameter)):
            continue
        if not (places := _said(filling, parameter)) and parameter.name == "by":
            column, at = next(_implied(filling.clause), ("", 0))
            if column:
                filling.give(parameter, [column] if many else column, at)
        if places:
            names = [filling.clause.tokens[at].text for at in places]
            filling.give(parameter, [*names] if many else names[0], *(places if many else places[:1]))


def _is_column(parameter: Parameter) -> bool:
    return "column" in stems_of(f"{parameter.name} {parameter.doc}")


def _said(filling: Filling, parameter: Parameter) -> list[int]:
    clause = filling.clause
    if parameter.name == "by" and (ordered := _ordered(clause)):
        return ordered
    if parameter.name == "on" and (shared := shared_column(clause)):
        return shared
    if parameter.name == "columns" and (kept := _all_but(clause) or _before(clause)):
        return kept
    for leader in _LEADERS.get(parameter.name, (parameter.name.replace("_", " "), "column")):
        for at in clause.find(leader):
            if leader in _COLUMNS and clause.word(at - 1) in {"in", "by", "of", "for"}:
                continue
            if not _DROPPING.isdisjoint(clause.words[max(0, at - 2) : at]) and not clause.has("nothing but"):
                continue
            start = clause.skip(at + len(leader.split()), {",", ":"} if leader in _COLUMNS else ())
            names = clause.names(start, any_word=leader in _COLUMNS, led=leader == "by")
            if leader in _ONLY and names and clause.tokens[names[0]].stem in POLITE:
                continue  # the shop only gives me a list
            found = [place for place in names if place not in filling.used]
            if found and leader == "on" and clause.word(found[0]) in _SHOWN:
                continue
            if found:
                return found
    hint = hinted_column(clause) if parameter.name == "by" and not _ENDS.isdisjoint(clause.words) else None
    if hint is not None:
        return [hint]
    start = clause.skip(
        0,
        {",", "and", "then", "i", "want", "need", "give", "me", "show", "see", "have", "the", "only", "just"},
    )
    found = clause.names(start) if parameter.name == "columns" else []
    return found if len(found) > 1 or clause.word(start + len(found)) in {"of", "from"} else []


def _implied(clause: Clause) -> Iterator[tuple[str, int]]:
    """The column that a superlative stands for, where none is named: `cheapest first`."""
    for at, word in enumerate(clause.words):
        place = clause.places[at]
        named = any(token.word in {"by", "column"} for token in clause.whole[place : place + 5])
        if word in IMPLIED and (word in GREATEST or word in LEAST) and not named:
            yield IMPLIED[word], at


def _ordered(clause: Clause) -> list[int]:
    """The column that is named with the end of an order that comes first: `latest date on top`."""
    for at, word in enumerate(clause.words):
        first = word in _ENDS and clause.word(at + 2) in {"first", "on", "at"}
        if first and clause.word(at + 1) not in _TOTALS and clause.can_name(at + 1, compared=True):
            return [at + 1]
    return []


def _all_but(clause: Clause) -> list[int]:
    """The columns that are kept where all others are dropped."""
    for phrase in _KEEPING:
        for at in clause.find(phrase):
            before = set(clause.words[:at])
            if before & _DROPPED and before & {"all", "every", "everything", "others"}:
                return clause.names(at + len(phrase.split()), any_word=True)
    return []


def _before(clause: Clause) -> list[int]:
    """The columns that stand before the word for them: `the name and price columns`."""
    for at, word in enumerate(clause.words):
        if word in _COLUMNS:
            start = at
            while start > 0 and (clause.word(start - 1) in {"and", ","} or clause.can_name(start - 1)):
                start -= 1
            found = clause.names(start)
            led = clause.word(start - 1) in {"the", "only", "just", "keep"}
            if found and led and found[-1] == at - 1:
                return found
    return []
