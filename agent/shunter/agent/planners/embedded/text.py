"""A goal's text, taken apart: tokens, what it asks, which inputs it names, and where it can be cut."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shunter.agent.planners.embedded.capitals import with_codes
from shunter.agent.planners.embedded.courtesy import reasons, without_courtesies
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.mentions import mentions_of
from shunter.agent.planners.embedded.narration import silent, tokens_told
from shunter.agent.planners.embedded.stems import stem
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

_SHORTEST_QUESTION = 3
_ONE_OF = frozenset("line second minute hour passage".split())
_COUNTED_ONCE = frozenset("line second minute hour word passage row page entry character frame".split())
_SOURCE = re.compile(
    r",?\s+(?:according to|as told in|judging by|going by|based on|on the basis of)\b|,\s+using\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r",?\s+(?:and|then)\s+(?:then\s+|also\s+|please\s+)*(?:read|make|turn|show|give|write|save|put|zip|convert|speak|"
    r"say|render|create|build|store|pack|print|tell|sort|count)\b",
    re.IGNORECASE,
)
"""Where a question that doesn't end with its mark is over."""
_ASKING = re.compile(
    r"(?:^|[:,;.!]\s*"
    r"|\b(?:answer|answers|tell me|find out|question|questions|know|say)[:,]\s+"
    r"|\bask [^;?!]{1,80}?\s(?=who|what|when|where|why|which|how)"
    r"|\b(?:answer|answers|tell me|find out|question|questions|know|learn|say)\s+"
    r"(?:the question\s+)?(?:of\s+)?(?:(?:from|in) [^.,:;?!]{1,40} )?(?=wh|how))"
    r"((?:who|what|when|where|why|which|how|whose|whom|whether|is|are|was|were|does|do|did|has|can)\b"
    r"(?:(?!\.\s+(?-i:[A-Z]))[^?!;\n])*\??)",
    re.IGNORECASE,
)


_LED_IN = re.compile(
    r"^[^?!;\n]*:\s+(?=(?:who|what|when|where|why|which|how|whose|whom|is|are|was|did|does)\b)", re.IGNORECASE
)
"""What leads up to a question that stands behind a colon: `what do they say in the talk: …`."""
_DENYING = frozenset("don't not without never dont".split())
_ABLE, _DOERS = frozenset({"can", "does", "do"}), frozenset("it you this that we i someone somebody".split())
_LABELLING = frozenset({"whether", "is", "are", "if"})
_CHOOSING = frozenset({"which", "what", "what's", "how"})
_DIFFERING = frozenset(map(stem, "change changed differ different difference differences".split()))
_OF_FORM = frozenset("files rows columns lines bytes pixels channels frames".split())
_OF_DISK = frozenset({"space", "disk", "storage"})
"""What documents tell nothing of, though it is asked for: the parts that values have by their form."""


@dataclass(frozen=True, slots=True)
class Question:
    """A part of the goal that asks something: its words, and tokens `start` to `end`."""

    text: str
    start: int
    end: int

    def share(self, start: int, end: int) -> float:
        """How much of it lies in tokens `start` to `end`."""
        return max(0, min(end, self.end) - max(start, self.start)) / (self.end - self.start)


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
    asked = _questions(text, tokens)
    restated = [
        one
        for one in asked
        if (is_restated(tokens, one.start, one.end, named) and not _names_labels(tokens, one))
        or _is_followed(tokens, one)
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
            if one not in restated
            and not _is_of_form(tokens, one, named)
            and not _asks_to_do(tokens, one)
            and not _names_labels(tokens, one)
            and not _compares(tokens, one, mentions.values())
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
        if token.word in {"no", "without"} and words[:1] in (["context"], ["overlap"]):
            token = replace(token, kind=Kind.NUMBER, number=0.0)
        yield token
        if token.word in {"first", "last"} and following is not None and following.word in _COUNTED_ONCE:
            half = words[1:4] == ["and", "a", "half"]
            yield Token(Kind.NUMBER, "1", "1", "1", token.end, token.end, 1.5 if half else 1.0)


def _puts_into_one(tokens: Sequence[Token], at: int) -> bool:
    """Whether `one` says that all comes together there: `on one line`."""
    return at > 0 and tokens[at - 1].word in {"in", "into", "on", "onto", "as", "to", "from", "per", "the"}


def _questions(text: str, tokens: Sequence[Token]) -> list[Question]:
    found = []
    for match in _ASKING.finditer(text):
        begin, end = match.span(1)
        asked = match[1] if match[1].endswith("?") else _REQUEST.split(match[1])[0]
        asked = _SOURCE.split(asked)[0].strip()
        if led_in := _LED_IN.match(asked):
            begin, asked = begin + led_in.end(), asked[led_in.end() :]
        end = begin + len(asked)
        inside = [at for at, token in enumerate(tokens) if begin <= token.start < end]
        if match[0][0] in ",;.!" and not match[1].endswith("?"):
            continue
        if len(inside) >= _SHORTEST_QUESTION - (_SOURCE.search(match[1]) is not None):
            found.append(Question(asked, inside[0], inside[-1] + 1))
    return found


def _is_of_disk(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks what takes the room there is: `what fills the disk?`."""
    inside = [token.word for token in tokens[asked.start : asked.end]]
    return inside[0] in _CHOOSING and not _OF_DISK.isdisjoint(inside)


def _is_of_form(tokens: Sequence[Token], asked: Question, named: frozenset[int]) -> bool:
    """Whether it asks for parts that values have by their form: `which files are larger than …`.

    Or how often something is there: `how many errors are in the log?`.
    """
    words = [token.word for token in tokens[asked.start : asked.start + 3]]
    if words[:2] == ["how", "many"]:
        rest = [token.word for token in tokens[asked.start + 3 : asked.start + 7]]
        counted = rest[:1] in (["are"], ["were"]) and "in" in rest
        if words[2:] == ["there"] or (
            counted and not named.isdisjoint(range(asked.start + 4, asked.start + 8))
        ):
            return True
    of_form = words[0] in _CHOOSING and not _OF_FORM.isdisjoint(words[1:])
    return of_form or _is_of_disk(tokens, asked)


def _is_followed(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks for what only a request behind it says how to find: `what fills the disk? list …`."""
    return len(tokens) - asked.end > _SHORTEST_QUESTION and _is_of_disk(tokens, asked)


def _asks_to_do(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks somebody to do something, rather than for an answer: `can it sort the lines?`."""
    words = [token.word for token in tokens[asked.start : asked.start + 2]]
    model = any(token.kind is Kind.URL for token in tokens[asked.start : asked.end])
    return words[0] in _ABLE and (words[1] in _DOERS or model)


def _names_labels(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether a model is asked which of some labels fits: `is it a bug, a question or a feature?`."""
    words = [token.word for token in tokens[asked.start : asked.end]]
    chooses = words[0] in _LABELLING and "or" in words[2:-1] and words[words.index("or") + 1] != "not"
    return chooses and any(token.kind is Kind.URL for token in tokens)


def _compares(tokens: Sequence[Token], asked: Question, mentions: Iterable[frozenset[int]]) -> bool:
    """Whether it asks how two inputs differ, of which they say nothing: `what changed from a to b?`."""
    inside = range(asked.start, asked.end)
    differs = any(tokens[at].stem in _DIFFERING for at in inside)
    return differs and sum(not places.isdisjoint(inside) for places in mentions) > 1


def _media_of(kinds: Iterable[Type]) -> frozenset[str]:
    bare = (kind.item if isinstance(kind, ListOf) else kind for kind in kinds)
    found = frozenset(kind.media for kind in bare if isinstance(kind, File) and kind.media is not None)
    return found | {FORMATS["tar"]} if "application/x-tar" in found else found
