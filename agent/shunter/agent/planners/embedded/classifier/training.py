"""Learning the classifier: softmax regression, by steps that get smaller (AdaGrad)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from shunter.agent.planners.embedded.classifier.classifier import Classifier

_ROUNDS, _RATE, _DECAY = 6, 0.1, 0.01
_SETTLED = 0.002
"""An error that isn't worth a step."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The features of a part of a goal, and the function that it asks for."""

    features: tuple[str, ...]
    function: str


def train(samples: Sequence[Sample]) -> Classifier:
    """A classifier for the functions of `samples`; the same for the same samples, in whatever order."""
    mixed = sorted(samples, key=lambda sample: (crc32(repr(sample).encode()), repr(sample)))
    learner = _Learner(sorted({sample.function for sample in samples}))
    for _ in range(_ROUNDS):
        for sample in mixed:
            learner.learn(sample)
    return Classifier.of_weights(learner.functions, learner.biases.weights, learner.weights())


class _Row:
    """A feature's weight for each function, and how far each was moved."""

    __slots__ = ("sizes", "weights")

    def __init__(self, length: int) -> None:
        self.weights = [0.0] * length
        self.sizes = [1e-6] * length

    def move(self, number: int, slope: float) -> None:
        size = self.sizes[number] = self.sizes[number] + slope * slope
        self.weights[number] += _RATE * slope / math.sqrt(size)


class _Learner:
    def __init__(self, functions: Sequence[str]) -> None:
        self.functions = functions
        self.biases = _Row(len(functions))
        self._rows: dict[str, _Row] = {}

    def weights(self) -> dict[str, list[float]]:
        return {feature: row.weights for feature, row in self._rows.items()}

    def learn(self, sample: Sample) -> None:
        """One step towards what a sample says. Words that say nothing decay to nothing."""
        rows = [self._rows.setdefault(feature, _Row(len(self.functions))) for feature in sample.features]
        scores = list(map(sum, zip(self.biases.weights, *(row.weights for row in rows), strict=True)))
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        whole = sum(shares)
        for number, share in enumerate(shares):
            error = (self.functions[number] == sample.function) - share / whole
            if abs(error) < _SETTLED:
                continue
            self.biases.move(number, error)
            for row in rows:
                row.move(number, error - _DECAY * row.weights[number])
