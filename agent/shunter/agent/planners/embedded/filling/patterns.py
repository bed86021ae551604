"""Patterns: of paths, and of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.filling import Filling, Spot, literals
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.thesaurus import FORMATS, NOUNS
from shunter.engine import types as t

_SAID_OF_LINES = frozenset(
    """contain contains containing with mention mentioning mentions for match matching matches say saying have
    has having including include includes about""".split()
)
_OCCURRING = ("comes up", "appears", "occurs", "is mentioned", "turns up", "shows up", "is said", "crops up")
"""How it is said that a word is there, behind it: `where fraud comes up`."""
_WORDS_FOR_TEXTS = frozenset("the a an word words string text any phrase term for or".split())
_LINES = (Kind.REGEX, Kind.QUOTED, Kind.CODE, Kind.DATE)
_STARTING = frozenset("start starts starting begin begins beginning".split())
_ENDING = frozenset("end ends ending".split())
_EVERY = frozenset("every each all any".split())
_BEFORE_COLUMNS = frozenset({"by", "on", "per", "column", "via"})
_ENDINGS = {
    "markdown": "md", "python": "py", "text": "txt", "javascript": "js", "typescript": "ts", "yaml": "yaml",
    "xml": "xml", "pdf": "pdf", "log": "log", "go": "go", "toml": "toml", "svg": "svg", "mp3": "mp3",
}  # fmt: skip
"""What the names of files end with that are called by their kind."""
_DOTTED = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_LONG_DOTTED = re.compile(r"\.[A-Za-z0-9]{1,15}\Z")
_PATH_SIGNS = re.compile(r"[*?./\[]")
_SENTENCE_ENDS = frozenset(".;!?")
_ANYWHERE = re.compile(
    r"\b(?:any|all|every|whatever|whichever) (?:depths?|levels?|(?:sub-?)?(?:folders?|director(?:y|ies)))\b"
    r"|\b(?:any|some)where\b|\bwherever\b|\brecursive(?:ly)?\b|\bhow deep|\bnested\b"
    r"|\bsub-?(?:folders|dirs|directories)\b"
)
_ON_TOP = re.compile(
    r"\b(?:not|no|without|except|nothing)\b[^,.;]* sub-?(?:folders|directories)|\bdirectly in|\btop[- ]level"
)
"""How it is said that files may lie in any folder of a folder, or only in itself."""
_ALREADY = re.compile(r"[\\^$|+*\[(]")
"""What stands in a text that is a regular expression already."""


def find_patterns(filling: Filling) -> Iterator[Spot]:
    """A pattern of paths, where files are found by it; else a regular expression, or a word to look for."""
    if filling.signature.returns == t.ListOf(t.File()):
        yield from (_at_depth(filling, spot) for spot in literals(filling, Kind.GLOB))
        yield from (spot for spot in literals(filling, Kind.QUOTED) if _PATH_SIGNS.search(spot[0]))
        yield from _of_format(filling)
        return
    yield from _counted(filling)
    yield from _marked(filling)
    for spot in (*literals(filling, *_LINES), *_searched(filling)):
        first = spot[1] if len(spot) > 1 else 0
        token = filling.clause.tokens[first]
        if token.kind is Kind.CODE and filling.clause.word(first - 1) in _BEFORE_COLUMNS:
            continue
        yield _anchored(filling, _alternatives(filling, first), first)


def _at_depth(filling: Filling, spot: Spot) -> Spot:
    """A pattern of names, with all folders before it where the sentence says that they may lie anywhere."""
    pattern, *places = spot
    tokens = filling.clause.whole
    start = end = filling.clause.places[places[0]]
    while start > 0 and tokens[start - 1].text not in _SENTENCE_ENDS:
        start -= 1
    while end < len(tokens) and tokens[end].text not in _SENTENCE_ENDS:
        end += 1
    said = " ".join(token.word for token in tokens[start:end])
    deep = _ANYWHERE.search(said) and not _ON_TOP.search(said) and "/" not in pattern
    return f"**/{pattern}" if deep else pattern, *places


def _alternatives(filling: Filling, first: int) -> Spot:
    """A literal with those that may stand for it: `ERROR or FATAL`."""
    clause = filling.clause
    places, at = [first], first + 1
    while clause.word(at) in {"or", ","} and at + 1 < len(clause.tokens):
        after = clause.skip(at + 1, _WORDS_FOR_TEXTS)
        if after >= len(clause.tokens) or clause.tokens[after].kind is not clause.tokens[first].kind:
            break
        places.append(after)
        at = after + 1
    if len(places) > 1 and clause.word(places[-1] - 1) not in {"or", *_WORDS_FOR_TEXTS}:
        places = places[:1]  # a list that `or` doesn't end
    return "|".join(clause.tokens[place].text for place in places), *places


def _anchored(filling: Filling, spot: Spot, first: int) -> Spot:
    """The pattern for texts that lines begin or end with."""
    text, *places = spot
    words = filling.clause.words[max(0, first - 3) : first]
    if words[-1:] != ["with"] or _ALREADY.search(text):
        return spot
    if not _STARTING.isdisjoint(words):
        return f"^{text}", *places
    return (f"{text}$", *places) if not _ENDING.isdisjoint(words) else spot


def _searched(filling: Filling) -> Iterator[Spot]:
    """A word that lines should have: what follows `with` or `containing`."""
    clause = filling.clause
    for _, at in clause.spots(_OCCURRING):
        if clause.can_name(at - 1) and "where" in clause.words[max(0, at - 3) : at]:
            yield clause.tokens[at - 1].text, at - 1
    for at, word in enumerate(clause.words):
        if word in _SAID_OF_LINES:
            follower = clause.skip(at + 1, _WORDS_FOR_TEXTS)
            number = follower < len(clause.tokens) and clause.tokens[follower].kind is Kind.NUMBER
            if (number or clause.can_name(follower)) and follower not in clause.mentioned:
                yield clause.tokens[follower].text, follower


def _counted(filling: Filling) -> Iterator[Spot]:
    """What is looked for where it is counted: `error`, for `how many errors are in the log`."""
    if is_counted(filling):
        yield filling.clause.tokens[0].text.removesuffix("s"), 0


def is_counted(filling: Filling) -> bool:
    """Whether the clause begins with what is counted, behind `how many`."""
    clause = filling.clause
    led = clause.places and clause.places[0] > 1 and clause.whole[clause.places[0] - 1].word == "many"
    return bool(led) and clause.tokens[0].stem not in NOUNS


def _marked(filling: Filling) -> Iterator[Spot]:
    """The word that lines are called by: `only the errors`."""
    clause = filling.clause
    for word in ("errors", "warnings"):
        for at in clause.find(word):
            before = clause.skip(at - 1, {"the"}, step=-1)
            if {clause.word(before), clause.word(at + 1)} & {"only", "just", "all", "every"}:
                yield word.removesuffix("s"), at


def _of_format(filling: Filling) -> Iterator[Spot]:
    """All files of a format, at any depth: `the png files`, `what ends in .toml`."""
    for at, token in enumerate(filling.clause.tokens):
        told = filling.clause.word(at - 1) in _EVERY or filling.clause.word(at + 1) in {
            "files",
            "file",
            "ones",
        }
        dotted = _DOTTED.match(token.text) or (told and _LONG_DOTTED.match(token.text))
        if dotted and at not in filling.clause.mentioned:
            yield f"**/*{token.text}", at
    for at, token in enumerate(filling.clause.tokens):
        files = filling.clause.word(at + 1) in {"files", "file"} or filling.clause.word(at - 1) in _EVERY
        files = files or (token.text.lower().endswith("s") and token.kind is Kind.WORD)
        made = filling.clause.word(at - 1) in {"as", "into", "to"}
        word = token.word if token.word in FORMATS else token.word.removesuffix("s")
        if (word in FORMATS or word in _ENDINGS) and files and not made:
            yield f"**/*.{_ENDINGS.get(word, word)}", at
