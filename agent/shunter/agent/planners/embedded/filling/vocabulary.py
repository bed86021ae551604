"""Names that have to be spelled right: `mind the spelling of Schrödinger and Feynman`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.phrases import LANGUAGES
from shunter.agent.planners.embedded.thesaurus import FORMATS, STOP_WORDS
from shunter.agent.planners.embedded.tokens import Token

_SPELLING = frozenset(
    "spell spells spelled spelt spelling vocabulary vocab glossary jargon misspelled misspelt".split()
)
_RIGHTLY = frozenset("correctly right rightly properly correct".split())
_TERMS = frozenset("names terms".split())
_OCCURRING = frozenset(
    "are include occur occurs : appear appears mentioned used in fall falls come comes".split()
)
_ENDS = frozenset(".;!?")
_LISTING = frozenset({",", "and", "&", "or"})
_LISTED = frozenset({Kind.WORD, Kind.CODE, Kind.KEYS, Kind.QUOTED})
_NEAR = 5


def find_vocabulary(filling: Filling) -> Iterator[Spot]:
    """The names that a sentence about spelling has, or the one before it; that may be any of the text."""
    clause = filling.clause
    tokens = clause.whole
    for leader in range(len(tokens)):
        if not leads_to_names(tokens, leader):
            continue
        start, end = _sentence(tokens, leader)
        runs = _listed(tokens, leader, end) or _names(filling, start, end, leader)
        runs = runs or (_names(filling, *_sentence(tokens, start - 2), leader) if start > 1 else [])
        if runs:
            inside = {place: at for at, place in enumerate(clause.places)}
            text = ", ".join(" ".join(tokens[at].text for at in run) for run in runs)
            yield text, *(inside[at] for run in runs for at in run if at in inside)


def leads_to_names(tokens: Sequence[Token], at: int) -> bool:
    """Whether spelling is spoken of here, or which names occur."""
    word, after = tokens[at].word, [token.word for token in tokens[at + 1 : at + 1 + _NEAR]]
    if word in _SPELLING:
        return True
    if word in {"written", "write"}:
        return not _RIGHTLY.isdisjoint(after)
    return word in _TERMS and not _OCCURRING.isdisjoint(after)


def _sentence(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    start = end = at
    while start > 0 and not _is_end(tokens[start - 1]):
        start -= 1
    while end < len(tokens) and not _is_end(tokens[end]):
        end += 1
    return start, end


def _is_end(token: Token) -> bool:
    return token.kind is Kind.BREAK and token.text in _ENDS


def _names(filling: Filling, start: int, end: int, leader: int) -> list[range]:
    """Where names stand: in quotes, or words in a row with capitals."""
    tokens, found, at = filling.clause.whole, list[range](), start
    while at < end:
        stop = at
        if tokens[at].kind is Kind.QUOTED:
            stop = at + 1
        while stop < end and (stop > start) and _is_name(filling, stop):
            stop += 1
        if stop > at:
            found.append(range(at, stop))
        at = max(stop, at + 1)
    quoted = [run for run in found if tokens[run.start].kind is Kind.QUOTED]
    return _nearest(tokens, quoted or found, leader)


def _nearest(tokens: Sequence[Token], runs: Sequence[range], leader: int) -> list[range]:
    """Of names those that stand in a row, the nearest row."""
    rows: list[list[range]] = []
    for run in runs:
        between = tokens[rows[-1][-1].stop : run.start] if rows else ()
        if rows and all(token.word in _LISTING for token in between):
            rows[-1].append(run)
        else:
            rows.append([run])
    return min(rows, key=lambda row: min(abs(leader - run.start) for run in row), default=[])


def _is_name(filling: Filling, place: int) -> bool:
    token = filling.clause.whole[place]
    said = token.word in STOP_WORDS or token.word in LANGUAGES or token.word in FORMATS
    capital = token.kind in {Kind.WORD, Kind.CODE} and token.text != token.text.lower()
    return capital and not said and place not in filling.clause.mentions


def _listed(tokens: Sequence[Token], leader: int, end: int) -> list[range]:
    """What is listed behind a colon: `terms: dagger, gptscript`."""
    at = next((at for at in range(leader + 1, min(leader + _NEAR, end)) if tokens[at].text == ":"), None)
    found = list[range]()
    while at is not None and at + 1 < end:
        stop = at + 1
        while stop < end and tokens[stop].kind in _LISTED and tokens[stop].word not in STOP_WORDS:
            stop += 1
        if stop == at + 1:
            break
        found.append(range(at + 1, stop))
        at = stop if stop < end and tokens[stop].word in _LISTING else None
    return found
