"""Titles that nobody put in quotes: `titled run 17`, `under the title Release notes`; and variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.tokens import Token

_LONGEST = 10
_A_PAGE = r"(?:it|this|that|(?:the|this|that) (?:web ?)?(?:page|site|website|report|document))"
_MODAL = r"(?:should|shall|must|ought to|could|can|will|would|has to|needs to|may)"
_BEING = rf"(?:is to be|{_MODAL} (?:be|read|say)|being)"
_LED_SURELY = re.compile(
    rf"\b(?:(?:en)?titled|headlined)(?: as)?:?\s+(?!like|after|with|by|accordingly|the same)"
    rf"|\b(?:title|heading|headline)(?: of {_A_PAGE})?(?:\s*[:=]\s*| {_BEING} )"
    rf"|\b(?:title|entitle) {_A_PAGE} ".replace(" ", r"\s+"),
    re.IGNORECASE,
)
"""What a title follows, whatever it begins with."""
_LED = re.compile(
    rf"\b(?:title|heading|headline)\s+(?:is\s+|of\s+|reading\s+|called\s+)?"
    rf"|\bheaded\s+|\b(?:call|name) {_A_PAGE} ".replace(" ", r"\s+"),
    re.IGNORECASE,
)
"""What a title follows that begins with a capital."""
_AS_TITLE = re.compile(
    r"\s(?:as|for)\s+(?:(?:its|the|a|an|page)\s+)*(?:title|heading|headline)\b", re.IGNORECASE
)
"""What stands behind a title."""
_HANDING = frozenset(
    "with use using have has having take put set give it carry carrying bear bearing get".split()
)
"""What a title stands behind that is only said afterwards to be one."""
_ENDING = frozenset(
    "and then but so please which that where when while because plus also & or with using".split()
)
_JOINING = frozenset("as into from for in to the a an".split())
"""Words that end a title, and those that do unless a name follows: `Price list for May`."""
_NO_TITLES = frozenset(
    """the a an in on at of same short long bold large big small kept removed dropped missing empty blank not
    filled set given unknown centred centered shown taken left like whatever something in""".split()
)
"""How no title begins: what is said of one is meant."""


_ENVIRONMENT = re.compile(r"\b(?:env|environment|variables?|images?|containers?|docker)\b", re.IGNORECASE)
_VARIABLE = re.compile(r"(?<![\w.-])[A-Z][A-Z\d_]+=(?:[^\s,;\"'`]*[^\s,;.\"'`!?)]|(?=\s|\Z))")


def with_variables(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a text; a variable with its value is one, where the text speaks of an environment."""
    spans = [match.span() for match in _VARIABLE.finditer(text)] if _ENVIRONMENT.search(text) else []
    found: list[Token] = []
    for token in tokens:
        span = next((span for span in spans if span[0] <= token.start < span[1]), None)
        if span is None:
            found.append(token)
        elif token.start == span[0]:
            name = text[slice(*span)]
            found.append(Token(Kind.VARIABLE, name, name.lower(), name.lower(), *span))
    return found


def with_titles_quoted(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a text; all those of a title that isn't in quotes are one, as if it were."""
    runs = {run.start: run for run in _titles(text, tokens)}
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        run = runs.get(at)
        if run is None:
            found.append(tokens[at])
            at += 1
        else:
            start, end = tokens[run.start].start, tokens[run.stop - 1].end
            found.append(
                Token(
                    Kind.QUOTED, text[start:end], text[start:end].lower(), text[start:end].lower(), start, end
                )
            )
            at = run.stop
    return found


def _titles(text: str, tokens: Sequence[Token]) -> Iterator[range]:
    """Where titles stand among the tokens."""
    begins = {token.start: at for at, token in enumerate(tokens)}
    for pattern, surely in ((_LED_SURELY, True), (_LED, False)):
        for led in pattern.finditer(text):
            at = begins.get(led.end())
            if at is not None and _can_begin(tokens[at], surely=surely):
                yield range(at, _end(tokens, at))
    for behind in _AS_TITLE.finditer(text):
        at = begins.get(behind.start() + 1, 0)
        start = at
        while start > 0 and at - start < _LONGEST and _goes_back(tokens[start - 1]):
            start -= 1
        if start < at and _can_begin(tokens[start], surely=False) and start > 0:
            yield range(start, at)


def _goes_back(token: Token) -> bool:
    return token.kind not in {Kind.BREAK, Kind.QUOTED} and token.word not in _HANDING


def _can_begin(token: Token, *, surely: bool) -> bool:
    if token.kind in {Kind.BREAK, Kind.QUOTED, Kind.URL, Kind.PATH} or token.word in _NO_TITLES:
        return False
    return surely or token.text[:1].isupper()


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where a title is over that begins there."""
    at = start + 1
    while at < min(len(tokens), start + _LONGEST) and not _is_over(tokens, at):
        at += 1
    return at


def _is_over(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind in {Kind.BREAK, Kind.URL, Kind.QUOTED}:
        return True
    following = next((other for other in tokens[at + 1 : at + 4] if other.word not in _JOINING), None)
    named = (
        following is not None
        and following.kind is not Kind.BREAK
        and (following.text[:1].isupper() or following.kind is Kind.NUMBER)
    )
    if token.word in _ENDING:
        return token.word not in {"and", "&", "or"} or not named or tokens[at + 1] is not following
    return token.text in _JOINING and not named
