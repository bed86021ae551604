"""Quoted texts, by the words that stand before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shunter.agent.planners.embedded.filling.filling import Filling, Spot
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.tokens import Token

TITLING = frozenset(
    {"titled", "entitled", "caption", "named", "title", "called", "headed", "heading", "headline"}
)
_TITLES = frozenset({"title", "heading", "headline", "caption"})
_SEPARATORS = frozenset({stem("separator")})
_SEPARATING = frozenset(map(stem, "separate separated separator divide divided divider delimiter".split()))
PAGES, _ANSWERS = frozenset({"page", "website"}), frozenset({"answer", "answers", "answering"})


def quoted_after(filling: Filling, leaders: frozenset[str]) -> Iterator[Spot]:
    """Quoted texts near to one of some words."""
    tokens = filling.clause.tokens
    for at in filling.free(Kind.QUOTED):
        if (
            leaders & PAGES
            and tokens[at].text.endswith("?")
            and _leads(tokens[max(0, at - 4) : at], _ANSWERS)
        ):
            continue
        if leaders & _SEPARATORS and _leads(tokens[max(0, at - 4) : at], _SEPARATING):
            yield tokens[at].text, at
        if leaders & TITLING and _is_made_title(tokens[at + 1 : at + 5]):
            yield tokens[at].text, at
        if _leads(tokens[max(0, at - 5) : at], leaders) or _leads(tokens[at + 1 : at + 4], leaders - TITLING):
            yield tokens[at].text, at


def _leads(tokens: Sequence[Token], leaders: frozenset[str]) -> bool:
    return any(token.word in leaders or token.stem in leaders for token in tokens)


def _is_made_title(tokens: Sequence[Token]) -> bool:
    """Whether it is said behind a text that it is a title: `with "Prices" as its title`."""
    words = [token.word for token in tokens]
    return words[:1] in (["as"], ["for"]) and not _TITLES.isdisjoint(words[1:])
