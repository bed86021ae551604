"""The search: readings of the goal, each wired in the order that fits best."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.detours import detours
from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.joints import Joint
from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.placing import place
from shunter.agent.planners.embedded.readings import Reading
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.yard import Held, Yard
from shunter.engine.types import Type

MOST_READINGS = 14
MOST_CALLS = 700
"""How many calls may be tried for one goal, over all of its readings and orders."""
_EITHER = frozenset({Joint.BEFORE, Joint.LOOSE})
"""Joints that don't say that what comes before them is done before."""
_POINTING = frozenset({"it", "them", "that"})
_FAR_BEHIND = 1.0
"""How far behind the best plan another may be, and still be of interest."""
_INVERSION, _IGNORED, _DECOY, _DANGLING = 0.35, 1.6, 0.4, 0.7
"""What speaks against a plan: an order that the words don't say, inputs and results that nothing uses."""


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
            cost = yard.cost + inversions + self._leftovers(yard) + detours(yard, reading, self._text)
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


def _preferred(reading: Reading, done: frozenset[int]) -> list[int]:
    return [index for index in range(len(reading.stretches)) if index not in done]


def _comes_first(reading: Reading, one: int, other: int) -> bool:
    """Whether `one` is said to be done before `other`: it stands before it, or is what `other` is made of."""
    if one > other:
        return one == other + 1 and reading.stretches[one].joint is Joint.BEFORE
    return any(between.joint not in _EITHER for between in reading.stretches[one + 1 : other + 1])


def _distinct(found: list[Found]) -> list[Found]:
    seen: set[str] = set()
    kept = []
    for one in found:
        key = repr([(node.signature.name, node.with_, node.each) for node in one.yard.nodes])
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept
