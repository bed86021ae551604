"""Names of models, and the labels that one chooses from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare
from shunter.engine import types as t

_NAMED = re.compile(r"[A-Za-z][\w./:-]*\d[\w./:-]*\Z|[A-Za-z]+-[a-z\d][\w./:-]*\Z")
"""What names of models look like, wherever they stand: qwen3, phi-4, mistral-small."""
_CALLING = frozenset('called named is the language " :'.split())
_KINDS = frozenset({Kind.WORD, Kind.QUOTED, Kind.CODE, Kind.KEYS, Kind.PATH, Kind.REGEX})
_LABELLING = (
    "labels", "label", "classes", "categories", "tags", "one of", "either", "whether it is", "whether it's",
    "whether they are", "whether each is", "as either", "into", "as",
)  # fmt: skip
"""What stands before the labels, the surest first."""
_BETWEEN = frozenset(
    "about the labels label one of a an following is are classes categories tags :".split()
) | {
    "(",
    '"',
}
_STROKES = re.compile(r"[A-Za-z][\w-]*(?:/[A-Za-z][\w-]*)+\Z")
_LONGEST = 3
_ENDS = frozenset({".", ";", "!", "?", ")"})
_EITHER = 0.6
"""How much surer a function is that chooses one of some labels, where `or` stands between them."""
_ARTICLES = frozenset({"a", "an", "the"})
_ALSO = frozenset({"and", "or", ",", "/", "nor"})


def find_models(filling: Filling) -> Iterator[Spot]:
    """What may be the name of a model, the likeliest first."""
    clause = filling.clause
    for at in clause.find("model"):
        for place in (clause.skip(at + 1, _CALLING), at - 1):
            if _can_be_model(filling, place) and _NAMED.match(clause.tokens[place].text):
                yield clause.tokens[place].text, place
    for at, token in enumerate(clause.tokens):
        if _can_be_model(filling, at) and token.kind is not Kind.QUOTED and _NAMED.match(token.text):
            yield token.text, at
    for at in clause.find("model"):
        place = clause.skip(at + 1, _CALLING)
        plain = _can_be_model(filling, place) and (
            clause.tokens[place].kind is Kind.QUOTED or clause.can_name(place)
        )
        if plain:
            yield clause.tokens[place].text, place


def _can_be_model(filling: Filling, at: int) -> bool:
    clause = filling.clause
    if not 0 <= at < len(clause.tokens) or at in clause.mentioned or at in filling.used:
        return False
    return clause.tokens[at].kind in _KINDS


def find_labels(filling: Filling) -> None:
    """Give a list that is called `labels` the words that are listed as such."""
    for parameter in list(filling.open(t.ListOf)):
        kind = bare(parameter.type)
        if parameter.name == "labels" and isinstance(kind, t.ListOf) and isinstance(kind.item, t.Str):
            row = next(_listed(filling.clause), [])
            labels = [" ".join(filling.clause.tokens[at].text for at in label) for label in row]
            places = [at for label in row for at in label]
            if not places and (slashed := _slashed(filling.clause)) is not None:
                places, labels = [slashed], filling.clause.tokens[slashed].text.split("/")
            if places:
                filling.give(parameter, labels, *places)
                filling.sure += _EITHER * ("or" in filling.clause.words[places[0] : places[-1]])


def _listed(clause: Clause) -> Iterator[list[range]]:
    """Where labels stand, the surest first."""
    for leader in _LABELLING:
        for at in clause.find(leader):
            places = _row(clause, clause.skip(at + len(leader.split()), _BETWEEN))
            if len(places) > 1:
                yield places
    for at in clause.find("whether"):
        for place in range(at + 1, min(at + 13, len(clause.tokens))):
            if clause.word(place) in {"is", "are", "was", "were", "sounds", "reads"}:
                places = _row(clause, clause.skip(place + 1, _ARTICLES))
                if len(places) > 1:
                    yield places
    for at in range(len(clause.tokens)):
        places = _row(clause, at)
        if len(places) > 1:
            yield places


def _slashed(clause: Clause) -> int | None:
    """Where labels stand with strokes between them: `as spam/ham`."""
    for leader in _LABELLING:
        for at in clause.find(leader):
            place = clause.skip(at + len(leader.split()), _BETWEEN)
            if place < len(clause.tokens) and _STROKES.match(clause.tokens[place].text):
                return place
    return None


def _row(clause: Clause, at: int) -> list[range]:
    """Where words or quoted texts stand in a row: `spam, feature request or ham`."""
    found: list[range] = []
    while _can_be_label(clause, at):
        end = _end_of_label(clause, at)
        found.append(range(at, end))
        after = clause.skip(end, _ALSO)
        if after == end or (clause.word(at - 1) == "or" and "or" not in clause.words[end:after]):
            break
        at = clause.skip(after, _ARTICLES)
    return found


def _can_be_label(clause: Clause, at: int) -> bool:
    kinds = {Kind.WORD, Kind.QUOTED, Kind.CODE}
    return clause.can_name(at, compared=True) and clause.tokens[at].kind in kinds


def _end_of_label(clause: Clause, at: int) -> int:
    """Where a label ends, which may have several words where something new begins behind them."""
    end = at + 1
    while end < at + _LONGEST and clause.tokens[at].kind is Kind.WORD and _can_be_label(clause, end):
        end += 1
    goes_on = end < len(clause.tokens) and clause.words[end] not in _ALSO and clause.words[end] not in _ENDS
    return at + 1 if goes_on else end
