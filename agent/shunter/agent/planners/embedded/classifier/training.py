"""Learning the classifier: logistic regression for each function, by steps that get smaller (AdaGrad)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from shunter.agent.planners.embedded.classifier.classifier import Classifier

_ROUNDS, _RATE, _DECAY = 16, 0.25, 0.04
_FEWEST = 2
"""How many goals have to have a feature, and a function, for anything to be learned of it."""
_SETTLED = 0.002
"""An error that isn't worth a step."""
_RARE = -4.0
"""The bias to begin with: a goal asks for few functions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The features of a goal, and the functions of the plans that are right for it."""

    features: frozenset[str]
    functions: frozenset[str]


def train(samples: Sequence[Sample]) -> Classifier:
    """A classifier for the functions of `samples`; the same for the same samples in the same order."""
    known = _common(sample.features for sample in samples)
    called = sorted(_common(sample.functions for sample in samples))
    rows = [sorted(sample.features & known) for sample in samples]
    weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
    biases = []
    for number, function in enumerate(called):
        bias, row = _fit(rows, [function in sample.functions for sample in samples])
        biases.append(bias)
        for feature, weight in row.items():
            weights[feature][number] = weight
    return Classifier.of_weights(called, biases, weights)


def _common(sets: Iterable[Set[str]]) -> frozenset[str]:
    counts = Counter(name for names in sets for name in names)
    return frozenset(name for name, count in counts.items() if count >= _FEWEST)


def _fit(rows: Sequence[Sequence[str]], labels: Sequence[bool]) -> tuple[float, dict[str, float]]:
    """The bias and the weights of one function. Words that say nothing decay to nothing."""
    bias, bias_size = _RARE, 0.0
    weights: dict[str, float] = {}
    sizes: dict[str, float] = {}
    for _ in range(_ROUNDS):
        for row, label in zip(rows, labels, strict=True):
            total = bias + sum(weights.get(feature, 0.0) for feature in row)
            error = (1.0 if label else 0.0) - 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
            if abs(error) < _SETTLED:
                continue
            bias_size += error * error
            bias += _RATE * error / math.sqrt(bias_size)
            for feature in row:
                weight = weights.get(feature, 0.0)
                slope = error - _DECAY * weight
                size = sizes[feature] = sizes.get(feature, 1e-6) + slope * slope
                weights[feature] = weight + _RATE * slope / math.sqrt(size)
    return bias, weights
