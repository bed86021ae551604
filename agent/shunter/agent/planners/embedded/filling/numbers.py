"""Numbers, each for the parameter whose words stand nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shunter.agent.planners.embedded.filling.clause import ARTICLES, Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare, name_stems, stems_of
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_FAR = 99.0
_COUNTED = re.compile(r"How many (\w+)")
"""What a number counts, where the documentation says so."""
_ENOUGH = 0.4
_APART = 2.0
_CHOOSING = frozenset("first last top final bottom best only just most".split())
_OTHER_UNIT = 3.0
_UNITS = frozenset({"pixel", "second", "minut", "hour", "word", "line", "sampl"})
_HERTZ, _SURE = frozenset({"hertz", "kilohertz"}), 3.0
_DEPTH = frozenset({"bit", "bits", "-bit"})
"""How finely sounds and colours are told apart, which no parameter asks for: `16-bit`."""
_NONE, _AROUND = frozenset({"no", "without"}), frozenset({stem("context"), stem("overlap")})
"""What stands for the number nought, and what there may be none of."""
_IN_SECONDS = {"minute": 60, "minutes": 60, "hour": 3600, "hours": 3600}
_AS_WRITTEN = {"kilohertz": 1000, "thousand": 1000}


def find_numbers(filling: Filling) -> None:
    """Give numbers to the numeric parameters that they are said of."""
    places = list(filling.free(Kind.NUMBER, Kind.TIME))
    wanted = list(filling.open(t.Int, t.Float))
    alone = len(places) == 1 and len(wanted) == 1 and _is_amount(filling.clause, places[0])
    ranked = sorted(
        (
            (_liking(filling.clause, at, parameter, alone=alone), -number, at, parameter)
            for number, parameter in enumerate(wanted)
            for at in places
        ),
        key=lambda item: item[:2],
        reverse=True,
    )
    for liking, _, at, parameter in ranked:
        if liking > _ENOUGH and at not in filling.used and parameter.name not in filling.arguments:
            give_number(filling, parameter, at)


def _is_of_other_unit(clause: Clause, at: int, parameter: Parameter) -> bool:
    """Whether a number has a unit, and the parameter is in another one."""
    said = {stem(clause.word(at + 1))} & _UNITS
    if not said:
        return False
    counted = _COUNTED.match(parameter.doc)
    if counted and stem(counted[1].lower()) not in {*said, *_UNITS} and said & {"word"}:
        return True
    own = {"second" if word in {"minut", "hour"} else word for word in stems_of(parameter.doc)} & _UNITS
    return bool(own) and not (said | {"second"} if said & {"minut", "hour"} else said) & own


def _is_amount(clause: Clause, at: int) -> bool:
    """Whether a number says how many are wanted, rather than how many there are: `the two reports`."""
    return (
        not clause.tokens[at].text.isalpha()
        or clause.word(at - 1) in _CHOOSING
        or _is_of_end(clause, at)
        or _is_superlative(clause.word(at + 1))
    )


def _counts_what_is_there(clause: Clause, at: int) -> bool:
    """Whether a number only says how many there are: `the two contracts`."""
    return (
        clause.tokens[at].text.isalpha()
        and clause.word(at - 1) in {"the", "these", "those", "my", "our", "of"}
        and not _is_superlative(clause.word(at + 1))
        and not _is_of_end(clause, at)
    )


def _is_of_end(clause: Clause, at: int) -> bool:
    """Whether a number is of those at an end: `the five at the top`."""
    return clause.words[at + 1 : at + 3] == ["at", "the"]


def _is_superlative(word: str) -> bool:
    return word == "most" or word in GREATEST or word in LEAST


def give_number(filling: Filling, parameter: Parameter, at: int) -> None:
    """Give a parameter the number at a place, in the parameter's unit."""
    number = filling.clause.tokens[at].number
    if number is None:
        return
    clause = filling.clause
    unit = clause.word(clause.skip(at + 1, ARTICLES))
    number *= _AS_WRITTEN.get(unit, 1)
    if isinstance(bare(parameter.type), t.Int):
        if number == int(number):
            filling.give(parameter, int(number), at)
        return
    if clause.word(at - 1) in {"minute", "hour"} and clause.tokens[at].kind is Kind.NUMBER:
        filling.give(parameter, number * _IN_SECONDS[clause.word(at - 1)], at)
        return
    if unit in _IN_SECONDS:
        rest = clause.tokens[at + 2] if at + 2 < len(clause.tokens) else None
        more = rest.number if rest is not None and rest.kind is Kind.NUMBER else None
        filling.give(parameter, number * _IN_SECONDS[unit] + (more or 0), at, *([at + 2] if more else []))
        return
    before = clause.words[max(0, at - 3) : at]
    in_minutes = (
        "minutes" in before and not unit.startswith("second") and clause.tokens[at].kind is Kind.NUMBER
    )
    filling.give(parameter, number * (60 if in_minutes else 1), at)


def _liking(clause: Clause, at: int, parameter: Parameter, *, alone: bool) -> float:
    """How likely a number is said of a parameter: by the distance of the words that stand for it."""
    own = frozenset(name_stems(parameter.name))
    counted = _COUNTED.match(parameter.doc)
    near = own | frozenset([stem(counted[1].lower())] if counted else stems_of(parameter.doc)[:6])
    liking = max(3.0 - 0.5 * _distance(clause, at, own), 2.0 - 0.6 * _distance(clause, at, near))
    liking += 0.5 * parameter.required
    if clause.word(at) in _NONE and own.isdisjoint(_AROUND):
        return 0.0
    if clause.word(at + 1) in _DEPTH:
        return 0.0
    if clause.word(at + 1) in _HERTZ:
        return _SURE if stem("rate") in own else 0.0
    if _counts_what_is_there(clause, at) and stem(clause.word(at + 1)) not in near:
        return 0.0
    other = _is_of_other_unit(clause, at, parameter)
    return max(liking, _ENOUGH + 0.1) if alone and not other else liking - _OTHER_UNIT * other


def _distance(clause: Clause, at: int, stems: frozenset[str]) -> float:
    """How far the nearest of some words is; one behind the number is a little nearer."""
    return min(_distances(clause, at, stems), default=_FAR)


def _distances(clause: Clause, at: int, stems: frozenset[str]) -> Sequence[float]:
    return [
        abs(at - other) + (0.25 if other < at else 0.0) + _APART * _is_parted(clause, at, other)
        for other, token in enumerate(clause.tokens)
        if token.kind is Kind.WORD
        and (
            token.stem in stems
            or not stems.isdisjoint(name_stems(token.word))
            or not stems.isdisjoint(SAID_FOR.get(token.stem, ()))
        )
    ]


def _is_parted(clause: Clause, one: int, other: int) -> bool:
    """Whether something new begins between two places."""
    between = range(min(one, other) + 1, max(one, other))
    return any(clause.tokens[at].kind is Kind.BREAK or clause.words[at] == "and" for at in between)
