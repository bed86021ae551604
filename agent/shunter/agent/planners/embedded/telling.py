"""Sentences that ask for nothing: that only tell something, or say what has no part in the matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.thesaurus import DISMISSALS, STOP_WORDS
from shunter.agent.planners.embedded.tokens import Token

_TELLING = frozenset(
    """the my our this these i we it they he she there his her their a an here attached enclosed below some
    several many most all both one two three""".split()
)
_STATES = frozenset(
    """was were is are has had have got took shot made wrote recorded sent gave found came went says said
    did""".split()
)
_REQUESTS = frozenset(
    """please should shall must want wants need needs like ought would could can make give turn convert
    transcribe""".split()
)
_OBLIGED = frozenset({("has", "to"), ("have", "to"), ("is", "to"), ("are", "to"), ("had", "better")})
"""How sentences begin that tell something, what they have for verbs, and what makes them requests."""
_CASE = frozenset(
    {"case", "capital", "capitals", "capitalisation", "capitalization", "lowercase", "uppercase"}
)
"""Of whose who speaks says how to read the texts, not what to leave aside."""
_SENTENCE_ENDS = frozenset(".!?")
_ANSWERING = frozenset("answer answers answered passage passages quote reply".split())


def tokens_aside(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that say what has no part in the matter."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is None or (token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS):
            begin = _dismissed(tokens, start, at)
            if begin is not None:
                yield from range(begin, at)
            start = at + 1


def tokens_told(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that tell how things are, and ask for nothing."""
    ends = [at for at in range(len(tokens)) if _ends_telling(tokens, at)]
    for start, end in pairwise([-1, *ends, len(tokens)]):
        words = [token.word for token in tokens[start + 1 : end]]
        if not words or words[0] not in _TELLING or not _REQUESTS.isdisjoint(words):
            continue
        if not _OBLIGED.isdisjoint(pairwise(words)):
            continue
        if end < len(tokens) and tokens[end].text == "?":
            continue
        if not _STATES.isdisjoint(words[1:8]) and (start > 0 or end < len(tokens) - 1):
            yield from (at for at in range(start + 1, end) if not tokens[at].is_literal)


def _ends_telling(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sentence ends here, or what it tells: `they are hard of hearing, so please …`."""
    if tokens[at].kind is not Kind.BREAK:
        return False
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    follows = tokens[at].text == "," and following in {"so", "hence", "therefore"}
    return tokens[at].text in {*_SENTENCE_ENDS, ":", ";"} or follows


def _dismissed(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Where the part of a sentence begins that says what has no part in the matter."""
    words = [token.word for token in tokens[start:end]]
    if not _CASE.isdisjoint(words):
        return None
    for phrase in DISMISSALS:
        for at in range(len(words) - len(phrase) + 1):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return start
    return None


def is_restated(tokens: Sequence[Token], start: int, end: int, named: Collection[int]) -> bool:
    """Whether sentences after a question (tokens `start` to `end`) say in other words what is to be done.

    They take up one of its words then, and that is none of those in `named`, which name inputs.
    """
    after = range(end, len(tokens))
    if end >= len(tokens) or tokens[end - 1].text != "?" or start > 1:
        return False
    if any(tokens[at].word in _ANSWERING or tokens[at].kind is Kind.QUOTED for at in after):
        return False
    asked = {tokens[at].stem for at in range(start, end) if at not in named and _tells(tokens[at])}
    return any(tokens[at].stem in asked for at in after if at not in named)


def _tells(token: Token) -> bool:
    return token.kind is Kind.WORD and token.word not in STOP_WORDS
