"""Choices and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.idioms import GREATEST
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare
from shunter.agent.planners.embedded.phrases import CHOICES, FLAGS
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.engine import types as t
from shunter.engine.types import media

_LEADING_TO = frozenset({"to", "into", "as", "->", "→", "=>"})
_LEAVING_OUT = frozenset("drop remove delete discard exclude omit dropping removing".split())
_ALPHABETICAL = frozenset("alphabetical alphabetically sorted ordered alphabet".split())
_DENYING = frozenset("isn't aren't don't doesn't without not".split())
_TOLD = 0.5
"""How much surer a function is where a choice is said in other words than its own."""
_LEADING = re.compile(r"(?:\w+ ){0,3}(?:first|on top|at the top|at the beginning|to|down to|before)\b")
"""What follows the word for what an order begins with."""
_AWAY, _APART = frozenset({"out", "away", "off"}), 9
"""How verbs end whose parts stand apart, and how far from each other."""
_ON_TOP = re.compile(r"(?:\w+ ){0,2}(?:first|on top|at the top|at the beginning)\b")
_DATED = re.compile(
    r"(?:date|dated|created|updated|opened|closed|time|timestamp|day|year|month)\Z|_(?:at|on)\Z"
)
"""What columns of dates are called: the oldest of those is the least."""


def find_choices(filling: Filling) -> None:
    """Give each enumeration the choice that is said with the most words, the first of those."""
    for parameter in list(filling.open(t.Enum)):
        kind = bare(parameter.type)
        assert isinstance(kind, t.Enum)
        spot = said_choice(filling.clause, kind.choices)
        if spot is None and (ending := _by_name(filling.clause, kind.choices)) is not None:
            filling.give(parameter, ending)
        if spot is not None:
            choice, at, length = spot
            filling.give(parameter, choice, *range(at, at + length))
            told = filling.clause.words[at : at + length] != [choice] and choice in CHOICES
            filling.sure += _TOLD * (told and not parameter.required)


def _by_name(clause: Clause, choices: tuple[str, ...]) -> str | None:
    """The format that the name of a file has which is made: `convert the photo to cover.webp`."""
    for before, token in pairwise(clause.whole):
        if token.kind is Kind.PATH and before.word in _LEADING_TO:
            said = media.of_name(token.text)
            return next(
                (choice for choice in choices if said is not None and FORMATS.get(choice) == said), None
            )
    return None


def said_choice(clause: Clause, choices: tuple[str, ...]) -> tuple[str, int, int] | None:
    """The choice that is said, where, and in how many words."""
    said, phrases = _ways_to_say(choices)
    spots = [
        (
            clause.word(at - 1) in _LEADING_TO,
            len(phrases[order].split()),
            -at,
            said[order],
        )
        for order, at in clause.spots(phrases)
        if not _orders(clause, at, at + len(phrases[order].split()))
        if FORMATS.get(said[order]) not in clause.given or clause.word(at - 1) in _LEADING_TO
    ]
    if not spots:
        return None
    *_, length, at, choice = max(spots)
    return choice, -at, length


def _orders(clause: Clause, start: int, end: int) -> bool:
    """Whether words only say how an order begins: `most expensive team at the top`."""
    superlative = clause.word(start) == "most" or clause.word(start) in GREATEST
    return superlative and _ON_TOP.match(" ".join(clause.words[end : end + 5])) is not None


@lru_cache(maxsize=500)
def _ways_to_say(choices: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Each choice, as often as there are ways to say it, and these ways."""
    ways = [
        (choice, phrase.lower())
        for choice in choices
        for phrase in (*CHOICES.get(choice, ()), choice, choice.replace("_", " "), *_apart(choice))
    ]
    return tuple(choice for choice, _ in ways), tuple(phrase for _, phrase in ways)


def _greatest_first(clause: Clause) -> bool:
    """Whether an order is said that begins with the greatest: `the biggest on top`, `from best to worst`."""
    for at, word in enumerate(clause.words):
        if word == "oldest" and any(_DATED.search(other) for other in clause.words):
            return False
        if word.partition("-")[0] in GREATEST or word == "most":
            after = " ".join(clause.words[at + 1 : at + 6])
            return _LEADING.match(after) is not None
    return False


def _apart(choice: str) -> tuple[str, ...]:
    """Other ways to write a choice of letters and digits: sha-512, sha 512."""
    parts = re.fullmatch(r"([a-z]+)(\d+)", choice)
    return (f"{parts[1]}-{parts[2]}", f"{parts[1]} {parts[2]}") if parts else ()


def _uses_regex(filling: Filling) -> bool:
    return any(filling.clause.tokens[at].kind is Kind.REGEX for at in filling.used)


def find_flags(filling: Filling) -> None:
    """Set the flags that are said."""
    for parameter in list(filling.open(t.Bool)):
        places = _said_flag(filling.clause, FLAGS.get(parameter.name, (parameter.name.replace("_", " "),)))
        if parameter.name == "sort_keys" and not places:
            places = _ordered_keys(filling.clause)
        turned = parameter.doc.startswith("The greatest first") and _greatest_first(filling.clause)
        if parameter.name == "ignore_case" and filling.clause.has("in capitals", "in capital letters"):
            continue  # the lines with ERROR in capitals
        if parameter.name == "ignore_case" and _is_thing(filling):
            filling.give(parameter, True, *places)
            continue
        if parameter.name == "invert" and _denies_twice(filling.clause):
            filling.used.update(places)
            continue
        turned = turned or (parameter.name == "regex" and _uses_regex(filling))
        if turned or places:
            filling.give(parameter, True, *places)


def _is_thing(filling: Filling) -> bool:
    """Whether lines are meant by what they tell of, however it's written: `how many errors`, for ERROR."""
    pattern = filling.arguments.get("pattern")
    words = filling.clause.words
    return isinstance(pattern, str) and pattern.islower() and pattern not in words and f"{pattern}s" in words


def _ordered_keys(clause: Clause) -> tuple[int, ...]:
    """Where keys are said to be put into order: `the keys of the config in alphabetical order`."""
    ordered = [at for at, word in enumerate(clause.words) if word in _ALPHABETICAL]
    keys = [at for at in clause.find("keys") if ordered]
    return (*keys[:1], *ordered) if keys else ()


def _denies_twice(clause: Clause) -> bool:
    """Whether lines are left out that lack something, so that those stay that have it."""
    leaving = [at for at, word in enumerate(clause.words) if word in _LEAVING_OUT]
    denying = [at for at, word in enumerate(clause.words) if word in _DENYING]
    return bool(leaving and denying) and leaving[0] < denying[0]


def _said_flag(clause: Clause, phrases: tuple[str, ...]) -> tuple[int, ...]:
    """Where it is said that a flag should be set; the longest phrase counts."""
    spots = [(len(phrases[order].split()), -at) for order, at in clause.spots(phrases)]
    if not spots:
        return next(_said_apart(clause, phrases), ())
    length, start = max(spots)
    return tuple(range(-start, length - start))


def _said_apart(clause: Clause, phrases: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    """Where the two parts of a phrase stand with others between: `throw the lines with DEBUG out`."""
    for phrase in phrases:
        first, _, last = phrase.partition(" ")
        if last not in _AWAY and first != "keys":
            continue
        for at in clause.find(first):
            for place in range(at + 1, min(at + _APART, len(clause.tokens) - len(last.split()) + 1)):
                if clause.tokens[place].kind is Kind.BREAK:
                    break
                if clause.words[place : place + len(last.split())] == last.split():
                    yield at, place
