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
    """please should must want wants need needs like ought would could can shall make give turn convert
    transcribe""".split()
)
"""How sentences begin that tell something, what they have for verbs, and what makes them requests."""
_SHARING = frozenset("common share shares ties links connects".split())
_CONTAINING = frozenset("have has contain contains share hold carry include".split())
_HAVING = frozenset({("has", "to"), ("have", "to"), ("had", "to"), ("is", "to"), ("are", "to")})
"""What makes a sentence more than told: what is shared, and what has to be."""
_PLACING = (
    frozenset(
        """answer somewhere said say says stand stands written mentioned mention covered cover covers know
        knows tells look check see explained discussed recorded somewhere there supposed ought bound expect
        think believe guess suppose probably surely hopefully likely file video recording audio document text
        film notes transcript page you'll i'd i'm it'll consult read""".split()
    )
    | STOP_WORDS
)
"""Words that sentences consist of which only say where an answer stands."""
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


def tokens_pointing(tokens: Sequence[Token], named: Collection[int]) -> Iterator[int]:
    """The tokens of sentences behind a question that only say where its answer stands.

    So `it should be somewhere in the minutes`, where the minutes are among `named`, which name inputs.
    """
    ends = [
        at for at, token in enumerate(tokens) if token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS
    ]
    for end, following in pairwise([*ends, len(tokens)]):
        inside = [at for at in range(end + 1, following) if tokens[at].kind is not Kind.BREAK]
        others = [tokens[at].word for at in inside if at not in named]
        if tokens[end].text == "?" and len(others) < len(inside) and _PLACING.issuperset(others):
            yield from inside


def tokens_told(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that tell how things are, and ask for nothing.

    What two things have in common is told, and is what they're put together by.
    """
    ends = [at for at in range(len(tokens)) if _ends_telling(tokens, at)]
    for start, end in pairwise([-1, *ends, len(tokens)]):
        words = [token.word for token in tokens[start + 1 : end]]
        if not words or words[0] not in _TELLING or not _REQUESTS.isdisjoint(words):
            continue
        if _shares(words) or any(pair in _HAVING for pair in pairwise(words)):
            continue
        if end < len(tokens) and tokens[end].text == "?":
            continue
        if not _STATES.isdisjoint(words[1:8]) and (start > 0 or end < len(tokens) - 1):
            yield from (at for at in range(start + 1, end) if not tokens[at].is_literal)


def _shares(words: Sequence[str]) -> bool:
    """Whether a sentence says what two things have in common."""
    return not _SHARING.isdisjoint(words) or ("both" in words and not _CONTAINING.isdisjoint(words))


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
