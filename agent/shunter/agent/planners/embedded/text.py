"""A goal's text, taken apart: tokens, what it asks, which inputs it names, and where it can be cut."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shunter.agent.planners.embedded.capitals import with_codes
from shunter.agent.planners.embedded.courtesy import reasons, without_courtesies
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.mentions import mentions_of
from shunter.agent.planners.embedded.narration import silent, tokens_told
from shunter.agent.planners.embedded.questions import (
    Question,
    is_followed,
    is_for_documents,
    names_labels,
    questions_of,
)
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.telling import (
    is_restated,
    tokens_aside,
    tokens_of_spelling,
    tokens_pointing,
)
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.agent.planners.embedded.tokens import MAX_CHARACTERS, Token, tokenise
from shunter.agent.planners.embedded.unquoted import with_titles_quoted, with_variables
from shunter.engine.types import File, ListOf, Type

_ONE_OF = frozenset("line second minute hour passage quote quotation excerpt citation".split())
_DENYING = frozenset("don't not without never dont".split())
_COUNTED_ONCE = frozenset("line second minute hour word passage row page entry character frame".split())


@dataclass(frozen=True, slots=True)
class Text:
    """`mentions` are the tokens that name each input, and all of it, not a part of its name.

    `aside` are those of sentences that say what has no part in the matter, `told` those of sentences that
    only tell how things are; no arguments are taken from those in `silent`. `given` are the media types of
    the inputs.
    """

    tokens: Sequence[Token]
    questions: tuple[Question, ...]
    mentions: Mapping[str, frozenset[int]]
    aside: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()
    given: frozenset[str] = frozenset()
    silent: frozenset[int] = frozenset()

    def is_dismissed(self, name: str) -> bool:
        """Whether an input is only named where it's said to have no part in the matter."""
        return bool(self.mentions[name]) and self.mentions[name] <= self.aside

    @property
    def denied(self) -> frozenset[str]:
        """The stems of what is said not to be done: `don't unpack it`, `without unpacking`."""
        said = {
            token.stem
            for before, token in pairwise(self.tokens)
            if before.word in _DENYING and token.kind is Kind.WORD
        }
        return frozenset(said).union(*(SAID_FOR.get(word, ()) for word in said))

    @property
    def mentioned(self) -> frozenset[int]:
        """The tokens that name any input."""
        return frozenset().union(*self.mentions.values())


def take_apart(text: str, inputs: Mapping[str, Type], known: Container[str] = ()) -> Text:
    """The parts of a goal's text; `known` are the choices that functions have."""
    text = without_courtesies(text[:MAX_CHARACTERS])
    written = with_variables(text, with_titles_quoted(text, tokenise(text)))
    tokens = with_codes(list(_with_ones(written)), known)
    mentions = mentions_of(tokens, inputs)
    named = frozenset().union(*mentions.values())
    asked = questions_of(text, tokens)
    restated = [
        one
        for one in asked
        if (is_restated(tokens, one.start, one.end, named) and not names_labels(tokens, one))
        or is_followed(tokens, one)
    ]
    said_again = frozenset().union(*(range(one.start, one.end) for one in restated))
    told = said_again | frozenset(tokens_told(tokens, named))
    told |= frozenset(tokens_of_spelling(tokens))
    told |= frozenset(() if restated else tokens_pointing(tokens, named))
    told |= {at for start, end in reasons(text) for at in _plain_tokens(tokens, start, end)}
    if all(at in told for at, token in enumerate(tokens) if token.kind is Kind.WORD):
        told = said_again  # where all is told, that is what is asked for
    return Text(
        tokens,
        tuple(
            one
            for one in asked
            if one not in restated and is_for_documents(tokens, one, named, mentions.values())
        ),
        mentions,
        frozenset(tokens_aside(tokens)),
        told,
        _media_of(inputs.values()),
        frozenset(silent(tokens, told, named)) - named,
    )


def _plain_tokens(tokens: Sequence[Token], start: int, end: int) -> Iterator[int]:
    """The tokens between two characters that are no literals."""
    return (at for at, token in enumerate(tokens) if start <= token.start < end and not token.is_literal)


def _with_ones(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, with the number that `the first line` doesn't say."""
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        words = [other.word for other in tokens[at + 1 : at + 5]]
        if token.number is not None and words[1:] == ["and", "a", "half"]:
            token = replace(token, number=token.number + 0.5)
        if token.word == "half" and (
            words[:1] == ["minute"] or words[:2] in (["a", "minute"], ["an", "hour"])
        ):
            token = replace(token, kind=Kind.NUMBER, number=0.5)
        if token.word == "one" and words[:1] and words[0] in _ONE_OF and not _puts_into_one(tokens, at):
            token = replace(token, kind=Kind.NUMBER, number=1.0)
        if token.word in {"no", "without"} and _is_around(words[words[:1] == ["any"] :]):
            token = replace(token, kind=Kind.NUMBER, number=0.0)
        yield token
        if token.word in {"first", "last"} and following is not None and following.word in _COUNTED_ONCE:
            half = words[1:4] == ["and", "a", "half"]
            yield Token(Kind.NUMBER, "1", "1", "1", token.end, token.end, 1.5 if half else 1.0)


def _is_around(words: Sequence[str]) -> bool:
    """Whether words are said for what stands around a passage: `no lines of context`."""
    return words[:1] in (["context"], ["overlap"]) or words[:2] in (
        ["surrounding", "lines"],
        ["lines", "around"],
        ["lines", "of"],
        ["unchanged", "lines"],
    )


def _puts_into_one(tokens: Sequence[Token], at: int) -> bool:
    """Whether `one` says that all comes together there: `on one line`."""
    return at > 0 and tokens[at - 1].word in {"in", "into", "on", "onto", "as", "to", "from", "per", "the"}


def _media_of(kinds: Iterable[Type]) -> frozenset[str]:
    bare = (kind.item if isinstance(kind, ListOf) else kind for kind in kinds)
    found = frozenset(kind.media for kind in bare if isinstance(kind, File) and kind.media is not None)
    return found | {FORMATS["tar"]} if "application/x-tar" in found else found
