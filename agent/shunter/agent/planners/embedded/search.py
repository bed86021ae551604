"""The search: readings of the goal, each wired in the order that fits best."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.headings import names_later_column
from shunter.agent.planners.embedded.joints import Joint
from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.placing import place
from shunter.agent.planners.embedded.readings import Reading
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.agent.planners.embedded.yard import Held, Node, Yard, family, sources_of
from shunter.engine.digest import JsonValue
from shunter.engine.types import File, ListOf, Type, media

MOST_READINGS = 14
MOST_CALLS = 700
"""How many calls may be tried for one goal, over all of its readings and orders."""
_DENIED = 2.0
"""What speaks against a conversion that the words forbid: `without unpacking it`."""
_NO_CHANGE = 1.5
"""What speaks against converting something to the format that it has, or doing the same to it again."""
_EITHER = frozenset({Joint.BEFORE, Joint.LOOSE})
"""Joints that don't say that what comes before them is done before."""
_BECOMING, _LEADING = "as", 6
"""How what begins that gives another form to what was done before: `as a page`."""
_POINTING = frozenset({"it", "them", "that"})
_FAR_BEHIND = 1.0
"""How far behind the best plan another may be, and still be of interest."""
_INVERSION, _IGNORED, _DECOY, _DANGLING, _UNFED, _BACK, _RENAMED, _TOO_EARLY = (
    0.35,
    1.6,
    0.4,
    0.7,
    0.3,
    0.9,
    1.5,
    1.5,
)
"""What speaks against a plan: `_UNFED` where `the length of the excerpt` is not that of the excerpt, `_BACK`
where a call only undoes a conversion that nobody asked for, `_RENAMED` where one names what could have been
named when it was made, `_TOO_EARLY` where a column is named that only a later call makes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A yard that does what a reading says; `score` is higher for the likelier."""

    yard: Yard
    reading: Reading
    score: float


class Search:
    """Wires readings of one text."""

    def __init__(self, text: Text, bridges: Bridges, inputs: Mapping[str, Type]) -> None:
        self._text = text
        self._bridges = bridges
        self._start = Yard(
            held=tuple(
                Held(name, kind, frozenset(name_stems(name)))
                for name, kind in inputs.items()
                if not text.is_dismissed(name)
            )
        )
        self._calls = 0
        self._room = math.inf
        """What an order may cost, to be better than what is known already."""

    def best(self, readings: list[Reading], *, most: int = 6) -> list[Found]:
        """The best ways to do what the readings say, best first, no two with the same calls."""
        found: list[Found] = []
        floor = -math.inf
        for reading in readings[:MOST_READINGS]:
            one = self._wired(reading, floor)
            if one is not None:
                found.append(one)
                floor = max(floor, one.score - _FAR_BEHIND)
        return _distinct(sorted(found, key=lambda one: -one.score))[:most]

    def _wired(self, reading: Reading, floor: float) -> Found | None:
        """The best order of a reading's calls: without detours, and near to the order of the words."""
        best: Found | None = None
        self._room = reading.gain - floor
        for yard, inversions in self._orders(reading, self._start, frozenset(), 0.0):
            cost = yard.cost + inversions + self._leftovers(yard) + _detours(yard, reading, self._text)
            if cost < self._room:
                best = Found(yard, reading, reading.gain - cost)
                self._room = cost
        return best

    def _orders(
        self, reading: Reading, yard: Yard, done: frozenset[int], inversions: float
    ) -> Iterator[tuple[Yard, float]]:
        if len(done) == len(reading.stretches):
            yield yard, inversions
            return
        for index in _preferred(reading, done):
            if self._calls >= MOST_CALLS:
                return
            cost = inversions + _INVERSION * self._overtaken(reading, index, done)
            if yard.cost + cost >= self._room:
                continue
            self._calls += 1
            stretch = reading.stretches[index]
            for further in place(yard, stretch.filling, index, self._text, self._bridges):
                if further.cost + cost < self._room:
                    yield from self._orders(reading, further, done | {index}, cost)

    def _overtaken(self, reading: Reading, index: int, done: frozenset[int]) -> int:
        """How many calls that should come first are still to come when this one is made.

        One counts twice where the words point back at it: `and write it to a file`.
        """
        late = [
            other
            for other in range(len(reading.stretches))
            if other not in done and other != index and _comes_first(reading, other, index)
        ]
        stretch = reading.stretches[index]
        takes = any(
            one.required and not is_literal_type(one.type) for one in stretch.filling.signature.parameters
        )
        said = (token.word for token in self._text.tokens[stretch.start : stretch.end])
        points = takes and not _POINTING.isdisjoint(said)
        return len(late) + (index - 1 in late and points)

    def _leftovers(self, yard: Yard) -> float:
        unused = [held for held in yard.held if held.given and not yard.used(held)]
        ignored = sum(
            _IGNORED if self._text.mentions[held.source] or len(self._start.held) == 1 else _DECOY
            for held in unused
        )
        loose = {node.source for node in yard.dangling()} - set(yard.group)
        return ignored + _DANGLING * max(0, len(loose) - (0 if yard.group else 1))


def _detours(yard: Yard, reading: Reading, text: Text) -> float:
    """What speaks against how calls follow on each other."""
    cost, tokens, denied = 0.0, text.tokens, text.denied
    first = {node.stretch: node for node in reversed(yard.nodes) if node.stretch is not None}
    for index, stretch in enumerate(reading.stretches):
        if index and stretch.joint is Joint.BEFORE:
            one, other = first[index].source, first[index - 1].source
            cost += _UNFED * (one not in yard.ancestors(other) and other not in yard.ancestors(one))
        if (
            index
            and stretch.joint is Joint.AFTER
            and _BECOMING in {token.word for token in tokens[stretch.start : stretch.start + _LEADING]}
        ):
            one, other = first[index].source, first[index - 1].source
            cost += _UNFED * 2 * (other not in yard.ancestors(one))
    for node in yard.nodes:
        cost += _DENIED * (
            node.stretch is None and not denied.isdisjoint(name_stems(node.signature.name.partition(".")[2]))
        )
        cost += _NO_CHANGE * (_changes_nothing(node, yard) or _repeats(node, yard))
        cost += _BACK * (node.stretch is not None and _undoes(node, yard))
        cost += _RENAMED * (_renames(node, yard) + _names_alike(node))
        cost += _TOO_EARLY * names_later_column(node, yard.nodes)
    return cost


def _changes_nothing(node: Node, yard: Yard) -> bool:
    """Whether a call converts to the format that something has: `mp4: its sound as mp3`."""
    wanted = FORMATS.get(str(node.with_.get("format")))
    kinds = [yard.type_of(source) for source in sources_of(node)]
    bare = [kind.item if isinstance(kind, ListOf) else kind for kind in kinds]
    return wanted is not None and any(isinstance(kind, File) and kind.media == wanted for kind in bare)


def _repeats(node: Node, yard: Yard) -> bool:
    """Whether a call does once more what made what it takes: formats what was just formatted."""
    made = [yard.node(source) for source in sources_of(node)]
    own = _literals(node)
    return any(one is not None and one.signature is node.signature and _literals(one) == own for one in made)


def _literals(node: Node) -> dict[str, JsonValue]:
    return {name: value for name, value in node.with_.items() if not isinstance(value, dict)}


def _undoes(node: Node, yard: Yard) -> bool:
    """Whether a call gives back what was converted for it."""
    origins = (origin for source in sources_of(node) for origin in _converted_unasked(source, yard))
    kinds = [kind for origin in origins if (kind := yard.type_of(origin)) is not None]
    return any(
        family(kind) == family(node.type) and isinstance(kind, ListOf) == isinstance(node.type, ListOf)
        for kind in kinds
    )


def _converted_unasked(source: str, yard: Yard) -> Iterator[str]:
    """What a value was made of by conversions that nobody asked for."""
    node = yard.node(source)
    if node is not None and node.stretch is None:
        for origin in sources_of(node):
            yield origin
            yield from _converted_unasked(origin, yard)


def _renames(node: Node, yard: Yard) -> bool:
    """Whether a call only names what an earlier call made, which takes names itself."""
    made = (yard.node(source) for source in sources_of(node))
    return _takes_name(node, required=True) and any(
        one is not None and _takes_name(one, required=False) and _may_be_called(one, node) for one in made
    )


def _may_be_called(made: Node, node: Node) -> bool:
    """Whether what was made could have the name that a later call gives it: no text is called `all.yaml`."""
    name = next(
        (
            node.with_.get(one.name)
            for one in node.signature.parameters
            if one.required and role_of(one) is Role.FILE_NAME
        ),
        None,
    )
    kind, said = made.signature.returns, media.of_name(str(name))
    if not isinstance(kind, File) or kind.media is None or said is None:
        return True
    return media.covers(kind.media, said) or (kind.media == "text/plain" and said.startswith("text/"))


def _names_alike(node: Node) -> bool:
    """Whether each of several files is given the same name."""
    names = [node.with_.get(one.name) for one in node.signature.parameters if role_of(one) is Role.FILE_NAME]
    return bool(node.each) and any(isinstance(name, str) and "{" not in name for name in names)


def _takes_name(node: Node, *, required: bool) -> bool:
    return any(
        parameter.required is required and role_of(parameter) is Role.FILE_NAME
        for parameter in node.signature.parameters
    )


def _preferred(reading: Reading, done: frozenset[int]) -> list[int]:
    return [index for index in range(len(reading.stretches)) if index not in done]


def _comes_first(reading: Reading, one: int, other: int) -> bool:
    """Whether `one` is said to be done before `other`: it stands before it, or is what `other` is made of."""
    if one > other:
        return one == other + 1 and reading.stretches[one].joint is Joint.BEFORE
    return not (other == one + 1 and reading.stretches[other].joint in _EITHER)


def _distinct(found: list[Found]) -> list[Found]:
    seen: set[str] = set()
    kept = []
    for one in found:
        key = repr([(node.signature.name, node.with_, node.each) for node in one.yard.nodes])
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept
