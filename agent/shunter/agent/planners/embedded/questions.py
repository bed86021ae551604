"""What a goal asks: the questions in its text, and which of them aren't for documents to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.tokens import Token

_SHORTEST_QUESTION = 3
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


def questions_of(text: str, tokens: Sequence[Token]) -> list[Question]:
    """What a text asks, in the order of its words."""
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


def _asks_for_key(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks what stands under a key: `what is optimizer.lr set to?`."""
    return any(token.kind is Kind.KEYS for token in tokens[asked.start : asked.end])


def is_followed(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks for what only a request behind it says how to find: `what fills the disk? list …`."""
    return len(tokens) - asked.end > _SHORTEST_QUESTION and _is_of_disk(tokens, asked)


def _asks_to_do(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether it asks somebody to do something, rather than for an answer: `can it sort the lines?`."""
    words = [token.word for token in tokens[asked.start : asked.start + 2]]
    model = any(token.kind is Kind.URL for token in tokens[asked.start : asked.end])
    return words[0] in _ABLE and (words[1] in _DOERS or model)


def names_labels(tokens: Sequence[Token], asked: Question) -> bool:
    """Whether a model is asked which of some labels fits: `is it a bug, a question or a feature?`."""
    words = [token.word for token in tokens[asked.start : asked.end]]
    chooses = words[0] in _LABELLING and "or" in words[2:-1] and words[words.index("or") + 1] != "not"
    return chooses and any(token.kind is Kind.URL for token in tokens)


def _compares(tokens: Sequence[Token], asked: Question, mentions: Iterable[frozenset[int]]) -> bool:
    """Whether it asks how two inputs differ, of which they say nothing: `what changed from a to b?`."""
    inside = range(asked.start, asked.end)
    differs = any(tokens[at].stem in _DIFFERING for at in inside)
    return differs and sum(not places.isdisjoint(inside) for places in mentions) > 1


def is_for_documents(
    tokens: Sequence[Token], asked: Question, named: frozenset[int], mentions: Iterable[frozenset[int]]
) -> bool:
    """Whether documents may answer it: not the form of values, nor what is under a key, nor a model.

    `named` are the tokens that name any input, `mentions` those of each.
    """
    return not (
        _is_of_form(tokens, asked, named)
        or _asks_for_key(tokens, asked)
        or _asks_to_do(tokens, asked)
        or names_labels(tokens, asked)
        or _compares(tokens, asked, mentions)
    )
