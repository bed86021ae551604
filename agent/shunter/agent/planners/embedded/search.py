"""The search: readings of the goal, each wired in the order that fits best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from shunter.agent.planners.embedded.arguments import Clause
from shunter.agent.planners.embedded.placing import place
from shunter.agent.planners.embedded.profile import Lexicon, stems_of
from shunter.agent.planners.embedded.segments import Reading, Text, readings
from shunter.agent.planners.embedded.wiring import Bridges, Held, Yard
from shunter.engine.types import Type

_INVERSION = 0.35
_UNUSED_INPUT = 1.6
_DANGLING = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """A yard that does what a reading says; `score` is higher for the likelier."""

    yard: Yard
    reading: Reading
    score: float


def search(
    text: Text, lexicon: Lexicon, bridges: Bridges, inputs: Mapping[str, Type], *, most: int = 6
) -> list[Found]:
    """The best ways to do what the text says, best first, no two with the same calls."""
    quiet = {stem: 0.35 for name in inputs for stem in stems_of(name.replace("_", " "))}
    found: list[Found] = []
    for reading in readings(text, lexicon, quiet):
        best: Found | None = None
        for order, cost in _orders(len(reading.stretches)):
            yard = _wired(reading, order, text, lexicon, inputs, bridges)
            if yard is None:
                continue
            score = reading.gain - yard.cost - cost - _leftovers(yard)
            if best is None or score > best.score:
                best = Found(yard, reading, score)
            if cost == 0.0 and yard.bridges == 0 and _leftovers(yard) == 0.0:
                break
        if best is not None:
            found.append(best)
    found.sort(key=lambda item: -item.score)
    return _distinct(found)[:most]


def _orders(count: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """The order of the text first, then others, each with what speaks against it."""
    if count > 4:
        yield tuple(range(count)), 0.0
        return
    ranked = []
    for order in permutations(range(count)):
        inversions = sum(order[a] > order[b] for a in range(count) for b in range(a + 1, count))
        ranked.append((inversions * _INVERSION, order))
    for cost, order in sorted(ranked):
        yield order, cost


def _wired(
    reading: Reading,
    order: Sequence[int],
    text: Text,
    lexicon: Lexicon,
    inputs: Mapping[str, Type],
    bridges: Bridges,
) -> Yard | None:
    held = tuple(
        Held(name, kind, frozenset(stems_of(name.replace("_", " "))), 0, given=True)
        for name, kind in inputs.items()
    )
    yard: Yard | None = Yard((), held)
    for index in order:
        stretch = reading.stretches[index]
        signature = lexicon.profiles[stretch.function].signature
        question = next(
            (
                asked.text
                for asked in text.questions
                if stretch.start <= (asked.start + asked.end) // 2 < stretch.end
            ),
            None,
        )
        tokens = text.tokens[stretch.start : stretch.end]
        if question is not None and signature.parameter("question") is not None:
            spans = [(asked.start, asked.end) for asked in text.questions]
            tokens = [
                token
                for at, token in enumerate(text.tokens)
                if stretch.start <= at < stretch.end and not any(begin <= at < end for begin, end in spans)
            ]
        assert yard is not None
        yard = place(yard, signature, Clause(tokens, question, text.tokens), bridges, index)
        if yard is None:
            return None
    return yard


def _leftovers(yard: Yard) -> float:
    unused = sum(1 for held in yard.held if held.given and not held.uses)
    results = [held for held in yard.held if not held.given]
    dangling = sum(1 for held in results[:-1] if not held.uses)
    return _UNUSED_INPUT * unused + _DANGLING * dangling


def _distinct(found: Sequence[Found]) -> list[Found]:
    seen: set[str] = set()
    kept = []
    for one in found:
        key = repr([(node.signature.name, node.with_, node.each) for node in one.yard.nodes])
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept
