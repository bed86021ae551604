"""Sentences that don't ask for what they say: they restate a question, point at a place, leave aside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from shunter.agent.planners.embedded.filling.vocabulary import leads_to_names
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.narration import SENTENCE_ENDS, is_ending, only_tells
from shunter.agent.planners.embedded.thesaurus import DISMISSALS, FORMATS, POLITE, STOP_WORDS
from shunter.agent.planners.embedded.tokens import Token

_PLACING = (
    frozenset(
        """answer somewhere said say says stand stands written mentioned mention covered cover covers know
        knows tells look check see explained discussed recorded somewhere there supposed ought bound expect
        think believe guess suppose probably surely hopefully likely file video recording audio document text
        film notes transcript page down files folder directory below must
        you'll i'd i'm it'll consult read""".split()
    )
    | STOP_WORDS
)
"""Words that sentences consist of which only say where an answer stands."""
_CASE = frozenset(
    {"case", "capital", "capitals", "capitalisation", "capitalization", "lowercase", "uppercase"}
)
"""Of whose who speaks says how to read the texts, not what to leave aside."""
_REFERRING = frozenset("that it this result them those also then besides too afterwards".split())
"""What makes a request go on with the answer of the question before it, or stand beside it."""
_ENOUGH = 2
_ANSWERING = frozenset("answer answers answered passage passages quote reply".split())


def tokens_aside(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that say what has no part in the matter."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is None or (token.kind is Kind.BREAK and token.text in SENTENCE_ENDS):
            begin = _dismissed(tokens, start, at)
            if begin is not None:
                yield from range(begin, at)
            start = at + 1


def tokens_pointing(tokens: Sequence[Token], named: Collection[int]) -> Iterator[int]:
    """The tokens of sentences behind a question that only say where its answer stands.

    So `it should be somewhere in the minutes`, where the minutes are among `named`, which name inputs.
    """
    ends = [at for at, token in enumerate(tokens) if token.kind is Kind.BREAK and token.text in SENTENCE_ENDS]
    for end, following in pairwise([*ends, len(tokens)]):
        inside = [at for at in range(end + 1, following) if tokens[at].kind is not Kind.BREAK]
        ending = next((at for at in inside if is_ending(tokens[at])), following)
        others = [tokens[at].word for at in inside if at not in named and at != ending]
        if tokens[end].text == "?" and len(others) < len(inside) and _PLACING.issuperset(others):
            yield from (at for at in inside if at < ending)


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

    They take up one of its words then, and that is none of those in `named`, which name inputs; or say
    where in the data a value stands; or ask for something that isn't made of its answer.
    """
    after = range(end, len(tokens))
    if end >= len(tokens) or tokens[end - 1].text != "?" or start > 1:
        return False
    if any(tokens[at].word in _ANSWERING | _CASE or tokens[at].kind is Kind.QUOTED for at in after):
        return False
    asked = {tokens[at].stem for at in range(start, end) if at not in named and _tells(tokens[at])}
    again = any(tokens[at].stem in asked for at in after if at not in named)
    return again or any(tokens[at].kind is Kind.KEYS for at in after) or _asks_anew(tokens, end, named)


def _asks_anew(tokens: Sequence[Token], start: int, named: Collection[int]) -> bool:
    """Whether the sentence that begins here asks for something by itself."""
    end = next((at for at in range(start, len(tokens)) if tokens[at].text in SENTENCE_ENDS), len(tokens))
    words = [token.word for token in tokens[start:end]]
    addressed = any(tokens[at].kind is Kind.URL for at in range(start, end))
    if only_tells(words) or addressed or not _REFERRING.isdisjoint(words):
        return False
    own = (tokens[at] for at in range(start, end) if at not in named)
    said = [
        token for token in own if _tells(token) and token.word not in FORMATS and token.stem not in POLITE
    ]
    return len(said) >= _ENOUGH


def _tells(token: Token) -> bool:
    return token.kind is Kind.WORD and token.word not in STOP_WORDS


def tokens_of_spelling(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of clauses that only say how names are spelled."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is not None and token.kind is not Kind.BREAK:
            continue
        if start > 0 and any(leads_to_names(tokens[:at], place) for place in range(start, at)):
            yield from (place for place in range(start, at) if not tokens[place].is_literal)
        start = at + 1
