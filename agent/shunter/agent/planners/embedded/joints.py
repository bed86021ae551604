"""How parts of a text follow each other: what begins something, and which of two is done first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from shunter.agent.planners.embedded.kinds import Kind, is_hook
from shunter.agent.planners.embedded.standing import is_beforehand
from shunter.agent.planners.embedded.stems import stem
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.thesaurus import AFTER, BEFORE, FORMATS, NOUNS, POLITE
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine.types import media

_SHOWING, _RELATIVE = frozenset({"those", "ones"}), frozenset({"that", "which", "whose", "where", "in"})
_DONE_FIRST = frozenset({"sorted", "ordered", "grouped"})
_BEFORE_PARTICIPLES = frozenset("the a an be is are get and but then as keep which that by".split())
"""Participles that say what has to be done before (`a page sorted by name`), and what keeps them from it."""
_CLAUSES = frozenset({"order", "sort", "group"})
_DONE = frozenset("been is are was were have has".split())
"""What says behind `once` that something has to be done first: `once it has been formatted`."""
_RESULTS = frozenset(map(stem, "transcript subtitle caption checksum hash thumbnail soundtrack".split()))
_ENDS = frozenset("high low small big large new old best worst most least highest lowest".split())
"""The ends of an order: `from high to low`."""
_BOUNDS = frozenset({"wider", "taller", "larger", "bigger", "higher"})
"""How pictures may not be, which is a call of its own: `jpegs no wider than 800 pixels`."""
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
_COLOURS = frozenset(
    {"black", "grayscale", "greyscale", "gray", "grey", "black-and-white", "colour", "monochrome"}
)
_CHOSEN = frozenset("those ones rows lines entries records everyone everything people".split())
"""What stands before a `with` that says which of them are meant: `drop those without an email`."""
_BECOMING = frozenset("a an as into to".split())
"""What stands behind a `that` that is the thing made before: `make that a page`."""
_GIVEN = frozenset("the its their a an all each every with about".split())
"""How what a hook is told begins."""
_ASKING = frozenset("how what when where whether who why".split())
_SENTENCE_ENDS = frozenset(".;?!")
_REST = frozenset({"rest", "remainder", "remaining"})
_POINTED_AT = frozenset("of from after with besides by like than to for on".split())
"""What stands before a `that` which is the thing made before: `after that convert the clips`."""
_POINTING = _REST | {"it", "those", "them", "that", "these"}
"""Words for what was made before: `of those the last ten` comes after it."""
_ACROSS, _WHOLE = frozenset({"over", "across"}), frozenset({"all", "both", "everything"})
"""How what begins that is made of several things: `the commonest words over all the talks`."""
_OBLIGING = frozenset("have has had ought need needs".split())
_JOINT = frozenset({"with", "without", "except", "for", "by", "on", "using"})


class Joint(Enum):
    """How a chunk follows the one before it."""

    BREAK = "break"  # punctuation
    AFTER = "after"  # and, then, into: what is done next
    BEFORE = "before"  # of, from, whose: what has to be done first
    LOOSE = "loose"  # with, for: either


CUT = {Joint.BREAK: 0.25, Joint.AFTER: 0.15, Joint.BEFORE: -0.15, Joint.LOOSE: -0.3}
"""What speaks for a new call at a joint."""


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


@dataclass(frozen=True, slots=True)
class Places:
    """Tokens that tell something, that name inputs, and that functions are called by."""

    cues: Collection[int]
    mentions: Collection[int]
    verbs: Collection[int]


def joint_at(tokens: Sequence[Token], at: int, places: Places) -> Joint | None:
    """How what begins at a token follows what stands before it; None where nothing begins."""
    if _is_done_first(tokens, at, places):
        return Joint.BEFORE
    token = tokens[at]
    participle = token.word in _DONE_FIRST and at > 0 and tokens[at - 1].kind is not Kind.BREAK
    if participle and tokens[at - 1].word not in _BEFORE_PARTICIPLES:
        return Joint.BEFORE
    found = None if participle or _is_listing(tokens, at, places.mentions) else _joint(tokens, at)
    return _second_call(tokens, at, places) if found is None and at > 0 else found


def _is_done_first(tokens: Sequence[Token], at: int, places: Places) -> bool:
    """Whether what stands here has to be done before what the words before it say."""
    token, following = tokens[at], tokens[at + 1].word if at + 1 < len(tokens) else ""
    if token.text in _SENTENCE_ENDS and token.kind is Kind.BREAK and _is_beforehand(tokens, at + 1):
        return True
    if _is_counted(tokens, at) or (token.word == "after" and following.endswith("ing")):
        return True
    if token.word in {"once", "after"}:
        return not _DONE.isdisjoint(other.word for other in tokens[at + 1 : at + 6])
    if token.word == "between":  # between the transcripts, which have to be made first
        told = any(other in places.cues and other not in places.mentions for other in range(at + 1, at + 4))
        return told and following not in {"them", "each", "every"}
    return at - 1 in places.verbs and (
        token.kind is Kind.KEYS
        or _is_excerpt(tokens, at)
        or _is_result(tokens, at)
        or (token.word == "what" and _is_saying(tokens, at))
    )


def _is_beforehand(tokens: Sequence[Token], start: int) -> bool:
    """Whether the sentence that begins here has to be done first: `join them on id first`."""
    end = start
    while end < len(tokens) and tokens[end].kind is not Kind.BREAK:
        end += 1
    return end > start and is_beforehand(tokens, end - 1)


def _second_call(tokens: Sequence[Token], at: int, places: Places) -> Joint | None:
    """How words go on that speak for a call of their own, with nothing in between that says so."""
    token, before = tokens[at], tokens[at - 1]
    if token.word in _CLAUSES and at + 1 < len(tokens) and tokens[at + 1].word == "by":
        return Joint.AFTER  # where price > 5 order by price
    if at - 1 in places.verbs and at in places.cues and _is_act(token):
        return Joint.LOOSE  # grayscale thumbnails
    if token.word in FORMATS and (before.kind is Kind.SIZE or at - 1 in places.verbs or _is_act(before)):
        return Joint.LOOSE  # a 32x32 png, a grayscale jpeg
    calls = at in places.verbs or token.stem in POLITE or token.stem in SAID_FOR
    told = at - 1 in places.cues or before.stem in NOUNS
    if token.word == "what" and told and at - 1 not in places.mentions:
        return Joint.BEFORE  # on a web page what the linter finds
    if before.kind is Kind.URL and (token.word in _ASKING or (is_hook(before.text) and token.word in _GIVEN)):
        return Joint.BEFORE  # tell https://… how long it is, its length
    if token.kind is Kind.URL and before.word in {"inside", "behind"}:
        return Joint.BEFORE  # what's inside https://…
    if token.word == "what" and at + 1 < len(tokens) and tokens[at + 1].kind is Kind.URL:
        return Joint.AFTER  # the length is what https://… waits for
    return Joint.AFTER if before.kind is Kind.URL and calls else None  # from https://… pull the field


def _joint(tokens: Sequence[Token], at: int) -> Joint | None:
    token = tokens[at]
    following = [other.word for other in tokens[at + 1 : at + 3]] + ["", ""]
    if token.kind is Kind.BREAK:
        return None if token.text in "()[]\"'" else Joint.BREAK
    if token.kind is Kind.GLOB and tokens[at - 1].text != "(":
        return Joint.BEFORE
    if _stays(token.word, *following[:2]) or _is_led(token.word, tokens[at - 1].word if at else ""):
        return None
    if token.word in AFTER:
        limits = token.word == "but" and following[0] in _LIMITING
        return Joint.LOOSE if limits else Joint.AFTER
    asked = at > 1 and tokens[at - 2].word in {"which", "what"} and tokens[at - 1].stem in NOUNS
    if token.word == "in" and asked:
        return None  # which lines in …
    if token.word in _ACROSS and following[0] in _WHOLE:
        return Joint.BEFORE
    if token.word in {"with", "without"} and at > 0 and tokens[at - 1].word in _CHOSEN:
        return None
    if token.word in BEFORE:
        return _before(tokens, at, following[following[0] == "the" and following[1] in _REST])
    names = token.word in {"called", "named"} and at + 1 < len(tokens) and _is_file_name(tokens[at + 1])
    bounds = token.word == "no" and following[0] in _BOUNDS
    return Joint.LOOSE if names or bounds or token.word in _JOINT else None


def _stays(word: str, following: str, next_but_one: str) -> bool:
    """Whether a word that often begins something belongs to what stands around it."""
    return (
        (word in {"from", "to"} and following in _ENDS)
        or (word == "from" and next_but_one in {"left", "top"})
        or (word, following) in {("in", "between"), ("on", "top")}
        or (word == "that" and following in _BECOMING)
    )


def _is_led(word: str, before: str) -> bool:
    """Whether what stands before a word shows that nothing begins there: `on top of`, `have to`."""
    return (word == "of" and before == "top") or (word == "to" and before in _OBLIGING)


def _before(tokens: Sequence[Token], at: int, following: str) -> Joint | None:
    """How `of`, `from`, `whose` and the like begin something."""
    before = tokens[at - 1] if at > 0 else None
    if before is None:
        return Joint.AFTER if following in _POINTING else Joint.BEFORE
    if tokens[at].word == "that" and before.word in _POINTED_AT:
        return None
    if before.text in _SENTENCE_ENDS:
        return Joint.AFTER if following in _POINTING else Joint.BREAK
    if before.word in _SHOWING and tokens[at].word in _RELATIVE:
        return None
    if tokens[at].word == "in" and following in _COLOURS:
        return Joint.LOOSE
    if tokens[at].word == "in" and following in FORMATS:
        return Joint.AFTER
    goes_on = tokens[at].word == "that" and before.word in {"and", "then", ","}
    return Joint.AFTER if following in _POINTING or goes_on else Joint.BEFORE


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
