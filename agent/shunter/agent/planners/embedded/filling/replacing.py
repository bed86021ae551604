"""One thing by another."""

from __future__ import annotations

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import STOP_WORDS
from shunter.agent.planners.embedded.tokens import Kind
from shunter.engine import types as t

_REPLACING = frozenset(
    map(stem, "replace substitute swap exchange change turn become rename correct instead".split())
)
_ARROWS = frozenset({"->", "→", "=>"})
_BY = frozenset({"by", "with", "to", "into", "for"}) | _ARROWS


def find_replacement(filling: Filling) -> None:
    """Give a function that takes two texts what is replaced, and by what."""
    ports = [parameter for parameter in filling.open(t.Str) if parameter.required]
    if len(ports) != 2 or not {"old", "new"} <= {parameter.name for parameter in ports}:
        return
    pair = _pair(filling.clause)
    if pair is not None:
        old, new = sorted(ports, key=lambda parameter: parameter.name != "old")
        for parameter, at in ((old, pair[0]), (new, pair[1])):
            token = filling.clause.tokens[at]
            nothing = parameter is new and token.word == "nothing" and token.kind is Kind.WORD
            filling.give(parameter, "" if nothing else token.text, at)


def _instead(clause: Clause) -> tuple[int, int] | None:
    """What is said with `instead of`: `it should say Anna instead of Maria`, the new before the old."""
    at = next(clause.find("instead of"), None)
    if at is None:
        return None
    old = clause.skip(at + 2, {"the", "word"})
    if clause.word(at + 2) in {"this", "that", "these", "those", "it", "a"}:
        return None
    plain = {Kind.WORD, Kind.QUOTED, Kind.CODE, Kind.NUMBER}
    if at == 0 or old >= len(clause.tokens) or clause.tokens[at - 1].kind not in plain:
        return None
    return old, at - 1


def _pair(clause: Clause) -> tuple[int, int] | None:
    tokens = clause.tokens
    spots = [
        at
        for at, token in enumerate(tokens)
        if token.kind in {Kind.QUOTED, Kind.REGEX, Kind.URL, Kind.DATE, Kind.CODE}
    ]
    if (instead := _instead(clause)) is not None:
        return instead
    if len(spots) < 2:
        if _REPLACING.isdisjoint(token.stem for token in tokens) and _ARROWS.isdisjoint(clause.words):
            return None
        by = next(
            (at for at, word in enumerate(clause.words) if word in _BY and 0 < at < len(tokens) - 1), None
        )
        if by is None:
            return None
        spots = [by - 1, by + 1]
        if any(tokens[at].word in STOP_WORDS and tokens[at].word != "nothing" for at in spots):
            return None
        if clause.words[by] in _ARROWS and not all(clause.can_name(at) for at in spots):
            return None
    first, second = spots[:2]
    put_first = clause.word(first - 1) in {"put", "insert", "write", "use", "with"}
    return (
        (second, first) if put_first and not _BY & set(clause.words[first + 1 : second]) else (first, second)
    )
