"""Ways to read a goal: its chunks in stretches, each of which speaks for a function.

The likeliest readings are found from left to right, as in a hidden semi-Markov model: what a stretch
says for a function, and how well the function goes on with what the one before it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.chunks import chunks_of
from shunter.agent.planners.embedded.classifier.leaning import Leaning
from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.flow import Flow
from shunter.agent.planners.embedded.joints import CUT, Joint
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import Lexicon
from shunter.agent.planners.embedded.stretches import CALL, Stretch, Stretcher
from shunter.agent.planners.embedded.text import Text
from shunter.engine import types as t

MAX_STRETCH = 7
_EITHER = frozenset({Joint.BEFORE, Joint.LOOSE})
"""Joints that let what stands behind them be done first."""
_KEPT, _ENDS_KEPT = 40, 9
_SKIPPED = 1.2
"""How much of what a part of a sentence says speaks against making nothing of it, rather than of it all."""
_AGAIN, _SILENCE, _LITERAL = 0.8, 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Stretches in the order of the text; `gain` is what speaks for reading it so.

    What lies between stretches is read as saying nothing that has to be done.
    """

    stretches: tuple[Stretch, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class _Path:
    gain: float
    stretches: tuple[Stretch, ...]


class Reader:
    """Reads one text with one lexicon; `leaning` is what was learned of its parts."""

    def __init__(self, text: Text, lexicon: Lexicon, flow: Flow, leaning: Leaning) -> None:
        self._text = text
        self._flow = flow
        self._stretcher = Stretcher(text, lexicon, flow, leaning)
        self.cues = self._stretcher.cues
        self._chunks = chunks_of(
            text.tokens, {cue.at for cue in self.cues}, text.mentioned, self._stretcher.verbs
        )

    def readings(self) -> list[Reading]:
        """The likeliest readings, best first."""
        ends: list[list[_Path]] = [[_Path(0.0, ())]]
        for last in range(len(self._chunks)):
            paths = [
                path
                for first in range(max(0, last - MAX_STRETCH + 1), last + 1)
                if not self._is_silent(self._chunks[first].start, self._chunks[last].end)
                for stretch in self._stretcher.stretches(self._chunks[first : last + 1])
                for path in self._continued(ends[first], stretch)
            ]
            paths.extend(self._passed_over(ends, last))
            ends.append(_best(paths))
        return [
            reading
            for reading in _distinct(ends[-1])
            if self._flow.can_follow({stretch.function for stretch in reading.stretches})
        ]

    def _passed_over(self, ends: Sequence[list[_Path]], last: int) -> Iterable[_Path]:
        """Paths that make nothing of the chunks before this break."""
        closes = last + 1 >= len(self._chunks) or self._chunks[last + 1].joint is Joint.BREAK
        for first in range(max(0, last - MAX_STRETCH + 1), last + 1):
            start, end = self._chunks[first].start, self._chunks[last].end
            whole = closes and self._chunks[first].joint is Joint.BREAK
            quiet = whole or self._is_told(start, end)
            if quiet or first == last:
                cost = (_SILENCE if quiet else _SKIPPED) * self._weight(start, end)
                yield from (_Path(path.gain - cost, path.stretches) for path in ends[first])

    def _is_told(self, start: int, end: int) -> bool:
        """Whether the tokens only tell how things are."""
        return all(
            at in self._text.told or self._text.tokens[at].kind is Kind.BREAK for at in range(start, end)
        )

    def _is_silent(self, start: int, end: int) -> bool:
        """Whether nothing is said that any call could take."""
        quiet = self._text.silent | self._text.mentioned
        return not self._text.silent.isdisjoint(range(start, end)) and all(
            at in quiet or self._text.tokens[at].kind is Kind.BREAK for at in range(start, end)
        )

    def _weight(self, start: int, end: int) -> float:
        """How much tokens say, aside from those of sentences that say what has no part in the matter."""
        tokens = self._text.tokens
        telling = [at for at in range(start, end) if at not in self._text.aside]
        words = sum(abs(cue.weight) for cue in self.cues if cue.at in telling)
        return words + _LITERAL * sum(tokens[at].is_literal for at in telling)

    def _continued(self, paths: Iterable[_Path], stretch: Stretch) -> Iterable[_Path]:
        for path in paths:
            before = path.stretches[-1] if path.stretches else None
            cut = CUT[stretch.joint] if before else 0.0
            again = _AGAIN * sum(other.function == stretch.function for other in path.stretches)
            if before is not None and self._is_elliptical(before, stretch):
                again -= _AGAIN + CALL - min(0.0, stretch.learned)
            flow = self._flow_of(path, stretch)
            yield _Path(path.gain + stretch.gain + cut - again - flow, (*path.stretches, stretch))

    def _flow_of(self, path: _Path, stretch: Stretch) -> float:
        """What speaks against going on with a stretch, or against doing it first, where that may be."""
        earlier = [one.function for one in path.stretches[-2:]]
        before = earlier[-1] if earlier else None
        cost = self._flow.cost(before, stretch.function)
        if before is None or stretch.joint not in _EITHER:
            return cost
        start = earlier[0] if len(earlier) > 1 else None
        first = self._flow.cost(start, stretch.function) + self._flow.cost(stretch.function, before)
        return min(cost, first - self._flow.cost(start, before))

    def _is_elliptical(self, before: Stretch, stretch: Stretch) -> bool:
        """Whether the same is done with another input: `sort the names, and the ages as numbers`."""
        if before.function != stretch.function or before.filling.arguments == stretch.filling.arguments:
            return False
        if any(token.word == "another" for token in self._text.tokens[stretch.start : stretch.end]):
            return True
        ports = [port for port in stretch.filling.signature.parameters if not is_literal_type(port.type)]
        named = [self._named(one.start, one.end) for one in (before, stretch)]
        return (
            len(ports) == 1
            and not isinstance(ports[0].type, t.ListOf)
            and bool(named[0] and named[1] and named[0].isdisjoint(named[1]))
        )

    def _named(self, start: int, end: int) -> frozenset[str]:
        """The inputs that are named between two tokens."""
        mentions = self._text.mentions.items()
        return frozenset(name for name, places in mentions if any(start <= at < end for at in places))


def _distinct(paths: Iterable[_Path]) -> list[Reading]:
    """The readings, without those that say the same with other borders."""
    readings: dict[str, Reading] = {}
    for path in paths:
        said = repr(
            [
                (stretch.function, stretch.filling.arguments, stretch.filling.further)
                for stretch in path.stretches
            ]
        )
        if path.stretches:
            readings.setdefault(said, Reading(path.stretches, path.gain))
    return list(readings.values())


def _best(paths: Iterable[_Path]) -> list[_Path]:
    """The best paths, only so many of which end with the same function."""
    kept: list[_Path] = []
    ends: dict[str, int] = {}
    for path in sorted(paths, key=lambda path: -path.gain):
        function = path.stretches[-1].function if path.stretches else ""
        if ends.get(function, 0) < _ENDS_KEPT:
            kept.append(path)
            ends[function] = ends.get(function, 0) + 1
        if len(kept) == _KEPT:
            break
    return kept
