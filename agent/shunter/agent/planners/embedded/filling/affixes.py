"""Names that are made of the old ones: `the prefix raw- before each name`."""

from __future__ import annotations

from collections.abc import Iterator

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Spot
from shunter.agent.planners.embedded.kinds import Kind

_BEFORE = ("prefix", "prefixed with", "prefix them with", "names start with", "names begin with",
           "name start with", "name starts with", "names starting with", "prepend")  # fmt: skip
_BEHIND = ("suffix", "suffixed with", "names end with", "name ends with", "names ending with",
           "names end in", "name ends in", "end in", "files end in")  # fmt: skip
_IN_FRONT = ("in front of", "before", "to the front of", "at the beginning of", "at the start of",
             "to the beginning of", "to the start of")  # fmt: skip
_ADDED = ("to the name", "to the names", "to their names", "to its name", "to each name", "to every name",
          "to the file names", "to the file name")  # fmt: skip
_AT_END = ("at the end of", "to the end of", "behind", "after", "onto")
_PREFIXED, _SUFFIXED = "{0}{{stem}}{{suffix}}", "{{stem}}{0}{{suffix}}"
_BETWEEN = frozenset("of with the : a should be is as".split())
_NAMES = frozenset({"name", "names", "filename", "filenames"})
_JOINING = frozenset("-_.")
_NEVER = frozenset("/\\{}")
"""What no part of a name has in it."""
_FAR = 5
"""How many words stand at most between `before` and `name`: `before each of their old names`."""


def affixed_names(clause: Clause) -> Iterator[Spot]:
    """Templates of names with `{stem}` and `{suffix}`, where something is put before or behind names."""
    yield from _led(clause, _BEFORE, _PREFIXED)
    yield from _led(clause, _BEHIND, _SUFFIXED)
    yield from _placed(clause, _IN_FRONT, _PREFIXED)
    yield from _placed(clause, _AT_END, _SUFFIXED)
    yield from _added(clause)


def _led(clause: Clause, phrases: tuple[str, ...], template: str) -> Iterator[Spot]:
    """What follows the words for it: `the prefix raw-`."""
    for order, at in clause.spots(phrases):
        place = clause.skip(at + len(phrases[order].split()), _BETWEEN)
        if _is_affix(clause, place):
            yield template.format(clause.tokens[place].text), place


def _placed(clause: Clause, phrases: tuple[str, ...], template: str) -> Iterator[Spot]:
    """What stands before the words for its place: `raw- before each name`."""
    for order, at in clause.spots(phrases):
        after = at + len(phrases[order].split())
        if _is_affix(clause, at - 1) and not _NAMES.isdisjoint(clause.words[after : after + _FAR]):
            yield template.format(clause.tokens[at - 1].text), at - 1


def _added(clause: Clause) -> Iterator[Spot]:
    """What is added to names, where the sign that joins it says at which end: `add -final to the names`."""
    for _, at in clause.spots(_ADDED):
        if _is_affix(clause, at - 1):
            text = clause.tokens[at - 1].text
            behind = text[:1] in _JOINING or text[-1:] not in _JOINING
            yield (_SUFFIXED if behind else _PREFIXED).format(text), at - 1


def _is_affix(clause: Clause, at: int) -> bool:
    """Whether something stands there that can be part of a name: quoted, or with a sign that joins it."""
    if not 0 <= at < len(clause.tokens) or at in clause.mentioned:
        return False
    token = clause.tokens[at]
    joins = token.text.strip("-_.") != token.text and token.text.strip("-_.").isalnum()
    quoted = token.kind is Kind.QUOTED and bool(token.text.strip()) and _NEVER.isdisjoint(token.text)
    return quoted or (token.kind is not Kind.BREAK and joins)
