"""What the classifier says of the stretches of one text, and what that counts for beside their words.

Most of it speaks against what is unlikely: rules find what may be asked for, and the classifier what of
that isn't.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import accumulate

from shunter.agent.planners.embedded.classifier.classifier import NOTHING, Classifier
from shunter.agent.planners.embedded.classifier.signs import Signs

_UNLIKELY = -2.0
"""The logarithm of a likelihood below which something speaks against a function."""
_AGAINST, _FOR = 0.8, 0.2
_MOST = 6.0
_LONG = 30
"""Tokens of a goal for which all this counts in full: in few words the rules read more."""


class Leaning:
    """Speaks for one text, whose signs these are; `possible` are the functions that it may ask for."""

    def __init__(self, classifier: Classifier, signs: Signs, possible: Container[str]) -> None:
        self._classifier = classifier
        self._possible = [
            number for number, name in enumerate(classifier.functions) if name == NOTHING or name in possible
        ]
        self._share = min(1.0, len(signs) / _LONG)
        parts = (classifier.sums(features) for features in signs)
        self._sums = list(accumulate(parts, _added, initial=classifier.sums(())))
        self._known: dict[tuple[int, int], Mapping[str, float]] = {}

    def gain(self, function: str, start: int, end: int) -> float:
        """What speaks for tokens `start` to `end` asking for a function: 0 for what it doesn't know."""
        if (start, end) not in self._known:
            self._known[start, end] = self._of(start, end)
        return self._known[start, end].get(function, 0.0)

    def _of(self, start: int, end: int) -> Mapping[str, float]:
        sums = [late - early for early, late in zip(self._sums[start], self._sums[end], strict=True)]
        likely = self._classifier.log_likelihoods(sums, self._possible)
        return {name: self._share * _gain(one) for name, one in likely.items()}


def _gain(log_likelihood: float) -> float:
    beyond = max(-_MOST, log_likelihood - _UNLIKELY)
    return beyond * (_FOR if beyond > 0 else _AGAINST)


def _added(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
