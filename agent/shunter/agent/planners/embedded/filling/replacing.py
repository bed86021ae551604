"""One thing by another."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import STOP_WORDS
from shunter.engine import types as t
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter

_REPLACING = frozenset(
    map(stem, "replace substitute swap exchange change turn become rename correct instead".split())
)
_REMOVING = frozenset(map(stem, "remove delete erase strip drop scrub".split()))
_WORDS = frozenset("word words phrase string occurrence occurrences text expression".split())
_WHOLE = 1.6
"""How much surer a function is where words are to be removed, rather than lines, or to be others."""
_READING = frozenset("say says said read reads calls call called transcript text spelled written".split())
_OTHERWISE = re.compile(
    r"\b(?:should|ought to|must|has to|have to|needs to|is to|shall|is supposed to|is meant to) "
    r"(?:be|read|say|become|have|stand)\b"
    r"|\bwherever\b|\b(?:right|correct|proper) (?:name|word|spelling|term|form) is\b"
)
_PUTTING = frozenset({"put", "insert", "write", "use"})
_LONGEST = 5
"""How many words are put in the place of others, at most."""
_TURNING = (
    "has to become", "have to become", "must become", "should become", "needs to become", "shall become",
    "is to become", "becomes", "become", "has to be", "must be", "should be", "needs to be", "ought to be",
    "is now called", "is called", "should read", "must read", "turns into", "is now",
)  # fmt: skip
"""How it is said between two names that one of them takes the place of the other."""
_ARROWS = frozenset({"->", "→", "=>"})
_BY = frozenset({"by", "with", "to", "into", "for"}) | _ARROWS


def find_replacement(filling: Filling) -> None:
    """Give a function that takes two texts what is replaced, and by what."""
    ports = [parameter for parameter in filling.open(t.Str) if parameter.required]
    if len(ports) != 2 or not {"old", "new"} <= {parameter.name for parameter in ports}:
        return
    old, new = sorted(ports, key=lambda parameter: parameter.name != "old")
    if (removed := _removed(filling.clause)) is not None:
        verbs = (at for at, token in enumerate(filling.clause.tokens) if token.stem in _REMOVING)
        filling.give(old, filling.clause.tokens[removed].text, removed, *verbs)
        filling.give(new, "")
        filling.sure += _WHOLE
        return
    if (said := _turned(filling.clause)) is not None:
        _give_words(filling, {old: said[0], new: said[1]})
        return
    if (said := _put_for(filling.clause)) is not None:
        _give_words(filling, {new: said[0], old: said[1]})
        filling.used.update(range(said[0].start - 1, said[1].start))
        return
    pair = _pair(filling.clause)
    if pair is not None:
        if _is_to_read(filling.clause) or _becoming(filling.clause) == pair:
            filling.sure += _WHOLE
            filling.used.update(at for at, word in enumerate(filling.clause.words) if word in _READING)
        for parameter, at in ((old, pair[0]), (new, pair[1])):
            token = filling.clause.tokens[at]
            nothing = parameter is new and token.word == "nothing" and token.kind is Kind.WORD
            filling.give(parameter, "" if nothing else token.text, at)


def _give_words(filling: Filling, places: Mapping[Parameter, range]) -> None:
    """Give parameters runs of words as texts."""
    for parameter, run in places.items():
        filling.give(parameter, " ".join(filling.clause.tokens[at].text for at in run), *run)
    filling.sure += _WHOLE


def _removed(clause: Clause) -> int | None:
    """Words that nothing takes the place of: `remove the word "draft"`."""
    if _REMOVING.isdisjoint(token.stem for token in clause.tokens) or not {"line", "lines"}.isdisjoint(
        clause.words
    ):
        return None
    quoted = [
        at for at, token in enumerate(clause.tokens) if token.kind in {Kind.QUOTED, Kind.REGEX, Kind.CODE}
    ]
    led = len(quoted) == 1 and not _WORDS.isdisjoint(clause.words[max(0, quoted[0] - 2) : quoted[0]])
    return quoted[0] if led else None


def _instead(clause: Clause) -> tuple[int, int] | None:
    """What is said with `instead of`: `it should say Anna instead of Maria`, the new before the old."""
    at = next(iter(clause.find("instead of")), None)
    if at is None:
        return None
    old = clause.skip(at + 2, {"the", "word"})
    if clause.word(at + 2) in {"this", "that", "these", "those", "it", "a"}:
        return None
    plain = {Kind.WORD, Kind.QUOTED, Kind.CODE, Kind.NUMBER}
    if at == 0 or old >= len(clause.tokens) or clause.tokens[at - 1].kind not in plain:
        return None
    return old, at - 1


def _put_for(clause: Clause) -> tuple[range, range] | None:
    """What is put, and for what, in words without quotes: `put Anna Moor wherever it says Maria Weiss`."""
    for at, word in enumerate(clause.words):
        says = clause.skip(at + 1, {"it", "they", "the"})
        if word not in {"wherever", "where"} or clause.word(says) not in _READING or says == at + 1:
            continue
        put = next((place for place in range(at - 1, -1, -1) if clause.word(place) in _PUTTING), at)
        end = next(
            (place for place in range(says + 1, len(clause.tokens)) if _ends_text(clause, place)),
            len(clause.tokens),
        )
        texts = range(put + 1, at), range(says + 1, end)
        broken = any(clause.tokens[at].kind is Kind.BREAK for text in texts for at in text)
        if not broken and all(0 < len(text) <= _LONGEST for text in texts):
            return texts
    return None


def _ends_text(clause: Clause, at: int) -> bool:
    return clause.tokens[at].kind is Kind.BREAK or clause.word(at) in {"in", "and", "then"}


def _is_to_read(clause: Clause) -> bool:
    """Whether what a text has is said to be otherwise: `where it has "a" it ought to read "b"`."""
    return _OTHERWISE.search(" ".join(clause.words)) is not None


def _becoming(clause: Clause) -> tuple[int, int] | None:
    """What has to be called otherwise: `in the chapters Falcon has to become Heron`."""
    for order, at in clause.spots(_TURNING):
        end = at + len(_TURNING[order].split())
        if _is_name(clause, at - 1) and _is_name(clause, end):
            return at - 1, end
    return None


def _turned(clause: Clause) -> tuple[range, range] | None:
    """Names of several words, one of which has to become the other: `Acme Ltd becomes Apex Inc`."""
    pair = _becoming(clause)
    if pair is None or any(clause.tokens[at].kind is not Kind.WORD for at in pair):
        return None
    start, end = pair[0], pair[1] + 1
    while _is_name(clause, start - 1):
        start -= 1
    while _is_name(clause, end):
        end += 1
    names = range(start, pair[0] + 1), range(pair[1], end)
    return names if max(map(len, names)) > 1 else None


def _is_name(clause: Clause, at: int) -> bool:
    """Whether a word of the text stands there, rather than one for a thing: quoted, or with a capital."""
    if not 0 <= at < len(clause.tokens) or at in clause.mentioned:
        return False
    token = clause.tokens[at]
    capital = token.kind is Kind.WORD and token.text[:1].isupper() and clause.can_name(at)
    return capital or token.kind in {Kind.QUOTED, Kind.CODE}


def _says_otherwise(clause: Clause, first: int) -> bool:
    """Whether what it should be stands first: `"b" is right where it says "a"`."""
    following = clause.words[first + 1 : first + 4]
    return following[:1] in (["wherever"], ["where"], ["instead"]) or following[:2] in (["rather", "than"],)


def _pair(clause: Clause) -> tuple[int, int] | None:
    tokens = clause.tokens
    spots = [
        at
        for at, token in enumerate(tokens)
        if token.kind in {Kind.QUOTED, Kind.REGEX, Kind.URL, Kind.DATE, Kind.CODE}
        and at not in clause.mentioned
        and (token.kind is Kind.QUOTED or at not in clause.mentioned)
    ]
    if (instead := _instead(clause)) is not None:
        return instead
    if len(spots) < 2 and (becoming := _becoming(clause)) is not None:
        return becoming
    if len(spots) < 2:
        if _REPLACING.isdisjoint(token.stem for token in tokens) and _ARROWS.isdisjoint(clause.words):
            return None
        by = next(
            (at for at, word in enumerate(clause.words) if word in _BY and 0 < at < len(tokens) - 1), None
        )
        if by is None:
            return None
        spots = [by - 1, by + 1]
        empty = (STOP_WORDS - {"nothing"}) | {"something", "anything"}
        if any(tokens[at].word in empty or at in clause.mentioned for at in spots):
            return None
        if media.of_name(tokens[spots[1]].text) is not None and tokens[spots[1]].kind is Kind.PATH:
            return None  # turn the table into people.json
        if clause.words[by] in _ARROWS and not all(clause.can_name(at) for at in spots):
            return None
    first, second = spots[:2]
    if _says_otherwise(clause, first):
        return second, first
    if [word for word in clause.words[first + 1 : second] if word != ","] in (["not"], ["rather", "than"]):
        return second, first
    put_first = clause.word(first - 1) in {"put", "insert", "write", "use", "with"}
    return (
        (second, first) if put_first and not _BY & set(clause.words[first + 1 : second]) else (first, second)
    )
