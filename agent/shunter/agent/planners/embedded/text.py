"""A goal's text, taken apart: tokens, what it asks, which inputs it names, and where it can be cut."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePath

from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.thesaurus import DISMISSALS, FORMATS
from shunter.agent.planners.embedded.tokens import Kind, Token, tokenise
from shunter.engine.types import Directory, File, ListOf, Type, fits, media

_SHORTEST_QUESTION = 3
_TELLING = frozenset("the my our this these i we it they he she there his her their a an".split())
_STATES = frozenset(
    """was were is are has had have got took shot made wrote recorded sent gave found came went says said
    did""".split()
)
_REQUESTS = frozenset(
    """please should must want wants need needs like ought would could can make give turn convert
    transcribe""".split()
)
"""How sentences begin that tell something, what they have for verbs, and what makes them requests."""
_CASE = frozenset(
    {"case", "capital", "capitals", "capitalisation", "capitalization", "lowercase", "uppercase"}
)
"""Of whose who speaks says how to read the texts, not what to leave aside."""
_SENTENCE_ENDS = frozenset(".!?")
_COUNTED_ONCE = frozenset("line second minute hour word passage row page entry character frame".split())
_SOURCE = re.compile(r",?\s+(?:according to|as told in|judging by)\b", re.IGNORECASE)
_REQUEST = re.compile(
    r",?\s+(?:and|then)\s+(?:then\s+|also\s+|please\s+)*(?:read|make|turn|show|give|write|save|put|zip|convert|speak|"
    r"say|render|create|build|store|pack|print|tell|sort|count)\b",
    re.IGNORECASE,
)
"""Where a question that doesn't end with its mark is over."""
_ASKING = re.compile(
    r"(?:^|[:,;.!]\s*"
    r"|\b(?:answer|answers|tell me|find out|question|questions|know|say)[:,]\s+"
    r"|\b(?:answer|answers|tell me|find out|question|questions|know|learn|say)\s+"
    r"(?:the question\s+)?(?:of\s+)?(?:(?:from|in) [^.,:;?!]{1,40} )?(?=wh|how))"
    r"((?:who|what|when|where|why|which|how|whose|whom|whether|is|are|was|were|does|do|did|has|have|can)\b"
    r"[^?!;\n]*\??)",
    re.IGNORECASE,
)


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
    only tell how things are. `given` are the media types of the inputs.
    """

    tokens: Sequence[Token]
    questions: tuple[Question, ...]
    mentions: Mapping[str, frozenset[int]]
    aside: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()
    given: frozenset[str] = frozenset()

    def is_dismissed(self, name: str) -> bool:
        """Whether an input is only named where it's said to have no part in the matter."""
        return bool(self.mentions[name]) and self.mentions[name] <= self.aside

    @property
    def mentioned(self) -> frozenset[int]:
        """The tokens that name any input."""
        return frozenset().union(*self.mentions.values())


def take_apart(text: str, inputs: Mapping[str, Type], known: Container[str] = ()) -> Text:
    """The parts of a goal's text; `known` are the choices that functions have."""
    tokens = [_as_code(token, known) for token in _with_ones(tokenise(text))]
    mentions = {name: frozenset(_mentions(name, kind, tokens)) for name, kind in inputs.items()}
    mentions |= _shared(tokens, [name for name, places in mentions.items() if not places])
    if not any(mentions.values()):
        places = frozenset(_both(tokens))
        mentions = dict.fromkeys(inputs, places) if len(inputs) == 2 else mentions
    aside = frozenset(_aside(tokens))
    return Text(
        tokens,
        tuple(_questions(text, tokens)),
        mentions,
        aside,
        frozenset(_told(tokens)),
        _media_of(inputs.values()),
    )


def _as_code(token: Token, known: Container[str]) -> Token:
    """A word that looks like a code and that no function knows is a literal."""
    unknown = token.word.replace("-", "") not in known and token.word not in FORMATS
    return replace(token, kind=Kind.CODE) if token.is_code and unknown else token


def _with_ones(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, with the number that `the first line` doesn't say."""
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        words = [other.word for other in tokens[at + 1 : at + 5]]
        if token.number is not None and words[1:] == ["and", "a", "half"]:
            token = replace(token, number=token.number + 0.5)
        if token.word == "half" and words[:2] in (["a", "minute"], ["an", "hour"]):
            token = replace(token, kind=Kind.NUMBER, number=0.5)
        yield token
        if token.word in {"first", "last"} and following is not None and following.word in _COUNTED_ONCE:
            half = words[1:4] == ["and", "a", "half"]
            yield Token(Kind.NUMBER, "1", "1", "1", token.end, token.end, 1.5 if half else 1.0)


def _aside(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that say what has no part in the matter."""
    start = 0
    for at, token in enumerate([*tokens, None]):
        if token is None or (token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS):
            begin = _dismissed(tokens, start, at)
            if begin is not None:
                yield from range(begin, at)
            start = at + 1


def _told(tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens of sentences that tell how things are, and ask for nothing."""
    ends = [
        at for at, token in enumerate(tokens) if token.kind is Kind.BREAK and token.text in _SENTENCE_ENDS
    ]
    for start, end in pairwise([-1, *ends, len(tokens)]):
        words = [token.word for token in tokens[start + 1 : end]]
        if not words or words[0] not in _TELLING or not _REQUESTS.isdisjoint(words):
            continue
        if end < len(tokens) and tokens[end].text == "?":
            continue
        if not _STATES.isdisjoint(words[1:8]) and (start > 0 or end < len(tokens) - 1):
            yield from (at for at in range(start + 1, end) if not tokens[at].is_literal)


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


def _questions(text: str, tokens: Sequence[Token]) -> list[Question]:
    found = []
    for match in _ASKING.finditer(text):
        begin, end = match.span(1)
        asked = match[1] if match[1].endswith("?") else _REQUEST.split(match[1])[0]
        asked = _SOURCE.split(asked)[0].strip()
        end = begin + len(asked)
        inside = [at for at, token in enumerate(tokens) if begin <= token.start < end]
        if match[0][0] in ",;.!" and not match[1].endswith("?"):
            continue
        if len(inside) >= _SHORTEST_QUESTION:
            found.append(Question(asked, inside[0], inside[-1] + 1))
    return found


def _mentions(name: str, kind: Type, tokens: Sequence[Token]) -> list[int]:
    words = name_stems(name)
    length = len(words)
    found = [
        at
        for at, token in enumerate(tokens)
        if token.kind is Kind.PATH and _names(token.text, words) and _may_be_called(token.text, kind)
    ]
    stems = tuple("" if token.kind is Kind.QUOTED else token.stem for token in tokens)
    found += [at for at, token in enumerate(tokens) if length > 1 and token.word == name.lower()]
    for at in range(len(stems) - length + 1):
        if stems[at : at + length] == words:
            found.extend(range(at, at + length))
            if at and tokens[at - 1].kind is Kind.NUMBER and tokens[at - 1].text.isalpha():
                found.append(at - 1)  # the three letters
    return found


def _may_be_called(path: str, kind: Type) -> bool:
    """Whether a value of a type can have a file's name: a folder called `album` is no `album.json`."""
    bare = kind.item if isinstance(kind, ListOf) else kind
    said = media.of_name(path)
    if isinstance(bare, File):
        return said is None or fits(File(said), bare) or fits(bare, File(said))
    return not isinstance(bare, Directory) or said is None


def _media_of(kinds: Iterable[Type]) -> frozenset[str]:
    bare = (kind.item if isinstance(kind, ListOf) else kind for kind in kinds)
    return frozenset(kind.media for kind in bare if isinstance(kind, File) and kind.media is not None)


def _both(tokens: Sequence[Token]) -> Iterator[int]:
    """What is said of two things without their names: `both files`."""
    for at, token in enumerate(tokens[1:], start=1):
        if tokens[at - 1].word in {"both", "two"} and _is_plural(token):
            yield at


def _shared(tokens: Sequence[Token], names: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """Where inputs are named together, with the word that their names share: `both debates`."""
    words = {name: frozenset(word for word in name_stems(name) if len(word) > 1) for name in names}
    found = {}
    for name in names:
        others = frozenset().union(*(words[other] for other in names if other != name))
        common = words[name] & others
        found[name] = frozenset(
            at for at, token in enumerate(tokens) if token.stem in common and _is_plural(token)
        )
    return found


def _is_plural(token: Token) -> bool:
    return token.kind is Kind.WORD and token.word.endswith("s")


def _names(path: str, words: tuple[str, ...]) -> bool:
    """Whether a file's name is that of the input: `names.txt` for `names`."""
    file = PurePath(path.removesuffix(".gz").removesuffix(".xz").removesuffix(".bz2"))
    return tuple(stem(word) for word in re.split(r"[\W_]+", file.stem.lower()) if word) == words or (
        name_stems(PurePath(path).name.replace(".", "_")) == words
    )
