"""Where a goal's text can be cut, and into which pieces."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import AFTER, BEFORE, FORMATS, NOUNS, POLITE
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine.types import media

MAX_CHUNKS = 18
_SHOWING, _RELATIVE = frozenset({"those", "ones"}), frozenset({"that", "which", "whose", "where", "in"})
_DONE_FIRST = frozenset({"sorted", "ordered", "grouped"})
_BEFORE_PARTICIPLES = frozenset("the a an be is are get and but then as keep which that by".split())
"""Participles that say what has to be done before (`a page sorted by name`), and what keeps them from it."""
_DONE = frozenset("been is are was were have has".split())
"""What says behind `once` that something has to be done first: `once it has been formatted`."""
_RESULTS = frozenset(map(stem, "transcript subtitle caption checksum hash thumbnail soundtrack".split()))
_ENDS = frozenset("high low small big large new old best worst most least highest lowest".split())
"""The ends of an order: `from high to low`."""
_BOUNDS = frozenset({"wider", "taller", "larger", "bigger", "higher"})
"""How pictures may not be, which is a call of its own: `jpegs no wider than 800 pixels`."""
_NEAR = 3
"""How near to each other joints stand of which the second says more."""
_LISTING = frozenset({",", "and", "&"})
_ALSO = _LISTING | {"also"}
_BETWEEN = _LISTING | frozenset("the a an my our then also from".split())
_OF_LINES = frozenset(
    "with that which containing contain mention mentioning match matching have having in".split()
)
_MEASURED = frozenset("line word charact byt row column pixel frame channel second minut page hour".split())
"""What values have by their form, so that nobody has to look for it."""
_LIMITING = frozenset({"only", "just", "without", "not"})
"""What stands behind a `but` that says of what only, rather than what is done next."""
_BECOMING = frozenset("a an as into to".split())
"""What stands behind a `that` that is the thing made before: `make that a page`."""
_SENTENCE_ENDS = frozenset(".;?!")
_POINTING = frozenset({"it", "those", "them", "that", "these"})
"""Words for what was made before: `of those the last ten` comes after it."""
_JOINT = frozenset({"with", "without", "except", "for", "by", "on", "using"})


class Joint(Enum):
    """How a chunk follows the one before it."""

    BREAK = "break"  # punctuation
    AFTER = "after"  # and, then, into: what is done next
    BEFORE = "before"  # of, from, whose: what has to be done first
    LOOSE = "loose"  # with, for: either


CUT = {Joint.BREAK: 0.25, Joint.AFTER: 0.15, Joint.BEFORE: -0.15, Joint.LOOSE: -0.3}
"""What speaks for a new call at a joint."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens `start` to `end`."""

    start: int
    end: int
    joint: Joint


def chunks_of(
    tokens: Sequence[Token],
    cues: Collection[int],
    mentions: Collection[int] = (),
    verbs: Collection[int] = (),
) -> list[Chunk]:
    """The chunks of a text, each with a cue or a literal in it; `cues` are the tokens that tell something.

    What is listed (`a.txt, b.txt and c.txt`) stays together; `mentions` are the tokens that name inputs,
    `verbs` those that functions are called by.
    """
    chunks: list[Chunk] = []
    start, joint, telling = 0, Joint.BREAK, False
    for at, token in enumerate(tokens):
        found = None if _is_listing(tokens, at, mentions) else _joint(tokens, at)
        if token.word in _DONE_FIRST and at > 0 and tokens[at - 1].kind is not Kind.BREAK:
            found = None if tokens[at - 1].word in _BEFORE_PARTICIPLES else Joint.BEFORE
        if token.word == "after" and at + 1 < len(tokens) and tokens[at + 1].word.endswith("ing"):
            found = Joint.BEFORE
        if (
            found is None
            and at > 0
            and tokens[at - 1].kind is Kind.URL
            and (at in verbs or token.stem in POLITE or token.stem in SAID_FOR)
        ):
            found = Joint.AFTER  # from https://… pull the field
        if found is None and at > 0 and tokens[at - 1].kind is Kind.SIZE and token.word in FORMATS:
            found = Joint.LOOSE  # a 32x32 png, which are two calls
        if at - 1 in verbs and _is_result(tokens, at):
            found = Joint.BEFORE  # collect the transcripts of, which have to be made first
        if token.word in {"once", "after"} and not _DONE.isdisjoint(
            other.word for other in tokens[at + 1 : at + 6]
        ):
            found = Joint.BEFORE
        if (
            token.word == "between"
            and not (at + 1 < len(tokens) and tokens[at + 1].word in {"them", "each", "every"})
            and any(other in cues and other not in mentions for other in range(at + 1, at + 4))
        ):
            found = Joint.BEFORE  # between the transcripts, which have to be made first
        if (at - 1 in verbs and _is_excerpt(tokens, at)) or _is_counted(tokens, at):
            found = Joint.BEFORE  # transcribe the first minute, which has to be cut out first
        if at - 1 in verbs and token.word == "what" and _is_saying(tokens, at):
            found = Joint.BEFORE  # compare what is said, which has to be written down first
        if found is None and at - 1 in verbs and _is_act(token):
            found = Joint.LOOSE  # grayscale thumbnails, which are two calls
        if at - 1 in verbs and token.kind is Kind.KEYS:
            found = Joint.BEFORE  # send a.b, which has to be got first
        if found is not None and telling:
            chunks.append(Chunk(start, at, joint))
            start, joint, telling = at, found, False
        elif found is not None and at > start and not (joint is Joint.AFTER and at - start > _NEAR):
            joint = _stronger(joint, found)
        telling = telling or at in cues or token.is_literal or token.is_code
    if telling or not chunks:
        chunks.append(Chunk(start, len(tokens), joint))
    else:
        chunks[-1] = Chunk(chunks[-1].start, len(tokens), chunks[-1].joint)
    return _fewer(chunks)


def _is_listing(tokens: Sequence[Token], at: int, mentions: Collection[int]) -> bool:
    """Whether a comma or `and` stands between two things of one kind: names of inputs, or literals."""
    again = tokens[at].word in {"from", "of"} and tokens[at - 1].word in _ALSO
    if at == 0 or not (again or tokens[at].word in _LISTING):
        return False
    before = at - 1
    while before > 0 and tokens[before].word in _ALSO:
        before -= 1
    after = at + 1
    while after < len(tokens) and tokens[after].word in _BETWEEN:
        after += 1
    if after == len(tokens):
        return False
    if before in mentions or after in mentions:
        return before in mentions and after in mentions
    return tokens[before].is_literal and tokens[before].kind is tokens[after].kind


def _joint(tokens: Sequence[Token], at: int) -> Joint | None:
    token = tokens[at]
    if token.kind is Kind.BREAK:
        return None if token.text in "()[]\"'" else Joint.BREAK
    if token.kind is Kind.GLOB and tokens[at - 1].text != "(":
        return Joint.BEFORE
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if token.word == "no" and following in _BOUNDS:
        return Joint.LOOSE
    if token.word in {"from", "to"} and following in _ENDS:
        return None
    if token.word == "from" and at + 2 < len(tokens) and tokens[at + 2].word in {"left", "top"}:
        return None
    if token.word in AFTER:
        limits = token.word == "but" and at + 1 < len(tokens) and tokens[at + 1].word in _LIMITING
        return Joint.LOOSE if limits else Joint.AFTER
    if (token.word, following) in {("in", "between"), ("on", "top")}:
        return None
    if token.word == "that" and following in _BECOMING:
        return None
    if token.word in BEFORE:
        if at > 0 and token.word == "that" and tokens[at - 1].word in {"of", "from"}:
            return None
        if at > 0 and tokens[at - 1].text in _SENTENCE_ENDS:
            return Joint.AFTER if following in _POINTING else Joint.BREAK
        if at > 0 and tokens[at - 1].word in _SHOWING and token.word in _RELATIVE:
            return None
        goes_on = at > 0 and token.word == "that" and tokens[at - 1].word in {"and", "then", ","}
        return Joint.AFTER if following in _POINTING or goes_on else Joint.BEFORE
    names = token.word in {"called", "named"} and at + 1 < len(tokens) and _is_file_name(tokens[at + 1])
    return Joint.LOOSE if names or token.word in _JOINT else None


def _is_result(tokens: Sequence[Token], at: int) -> bool:
    """Whether something is spoken of that has to be made first: `the transcripts of the calls`."""
    words = tokens[at : at + 3]
    if len(words) < 3 or words[0].word not in {"the", "all"}:
        return False
    return words[1].word in _DONE_FIRST or (words[1].stem in _RESULTS and words[2].word in {"of", "from"})


def _is_file_name(token: Token) -> bool:
    return token.kind is Kind.PATH and media.of_name(token.text) is not None


def _is_act(token: Token) -> bool:
    """Whether a word for a thing stands for what is done: `thumbnails` for resizing."""
    return token.stem in SAID_FOR and token.stem not in NOUNS and token.word not in {*FORMATS, "per"}


def _is_saying(tokens: Sequence[Token], at: int) -> bool:
    return any(token.word in {"said", "say", "says", "spoken"} for token in tokens[at + 1 : at + 4])


def _is_excerpt(tokens: Sequence[Token], at: int) -> bool:
    """Whether a part is spoken of from here on: `the first 30 seconds`."""
    words = [token.word for token in tokens[at : at + 2]]
    return len(words) == 2 and words[0] in {"the", "its", "only", "just"} and words[1] in {"first", "last"}


def _is_counted(tokens: Sequence[Token], at: int) -> bool:
    """Whether lines are counted that have to be found first: `how many lines mention …`."""
    words = [token.word for token in tokens[max(0, at - 3) : at]]
    counted = words[-2:] in (["how", "many"], ["count", "the"], ["count", "all"]) or words == [
        "number",
        "of",
        "the",
    ]
    following = [token.word for token in tokens[at + 1 : at + 3]]
    if words[-2:] == ["how", "many"] and following[:1] in (["are"], ["were"], ["occur"], ["appear"]):
        return tokens[at].word.endswith("s") and tokens[at].stem not in {*_MEASURED, *NOUNS}
    return counted and tokens[at].word == "lines" and not _OF_LINES.isdisjoint(following)


def _stronger(one: Joint, other: Joint) -> Joint:
    """Of joints in a row (`, and then`, `, of which`) the one that says which way it goes."""
    directed = {Joint.BEFORE, Joint.AFTER, Joint.LOOSE}
    return other if one not in directed or other in directed else one


def _fewer(chunks: list[Chunk]) -> list[Chunk]:
    """The chunks, the loosest of them joined to the one before where there are too many."""
    while len(chunks) > MAX_CHUNKS:
        at = min(range(1, len(chunks)), key=lambda number: CUT[chunks[number].joint])
        chunks[at - 1 : at + 1] = [Chunk(chunks[at - 1].start, chunks[at].end, chunks[at - 1].joint)]
    return chunks
