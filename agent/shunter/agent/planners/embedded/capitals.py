"""Words in capitals: codes that are looked for, or only written loudly."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import FORMATS, POLITE
from shunter.agent.planners.embedded.tokens import Token

_SENDING = frozenset({"post", "send", "fetch", "sort", "join", "diff", "grep"})
_QUERYING = frozenset(
    """select from where group order by join left inner on as and or desc asc null not is having limit
    distinct count sum avg min max""".split()
)
"""Words of a query, which many write in capitals."""
_METHODS = frozenset({"POST", "GET", "PUT"})
_NEXT = frozenset({"and", "then", ",", ";", ".", "&", ":", "please", "to"})
_OBJECTS = frozenset("it the that this them to those its all everything".split())
"""What stands around a method that is what is to be done."""
_SHORT = frozenset("API URL PR CI QA UI DB HTTP FAQ CEO CTO HR IT PDF TV CV KPI SLA AWS PM AM".split())
"""Short names of things, which are no codes unless something is said to contain them."""
_MATCHING = frozenset(
    """contain contains containing mention mentions mentioning with without match matching say saying says
    word term for grep have has""".split()
)


def with_codes(tokens: Sequence[Token], known: Container[str]) -> list[Token]:
    """The tokens, with those as codes that look like one, and are neither loud words nor in `known`."""
    loud = _loud(tokens)
    return [token if at in loud else _as_code(token, known) for at, token in enumerate(tokens)]


def _loud(tokens: Sequence[Token]) -> frozenset[int]:
    """Words in capitals that are no codes: those of a query, of things, or `POST it to …`."""
    queried = [at for at, token in enumerate(tokens) if token.is_code and token.word in _QUERYING]
    found = set(queried if len(queried) > 1 else ())
    for at, token in enumerate(tokens):
        before = tokens[at - 1].word if at else ","
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        done = following is not None and (following.kind is Kind.URL or following.word in _OBJECTS)
        if token.text in _METHODS and before in _NEXT and done:
            found.add(at)
        if token.text in _SHORT and before not in _MATCHING:
            found.add(at)
    return frozenset(found)


def _as_code(token: Token, known: Container[str]) -> Token:
    """A word that looks like a code and that no function knows is a literal, unless it begins a request."""
    if token.start == 0 and (token.stem in POLITE or token.stem in SAID_FOR or token.word in _SENDING):
        return token
    unknown = token.word.replace("-", "") not in known and token.word not in FORMATS
    return replace(token, kind=Kind.CODE) if token.is_code and unknown else token
