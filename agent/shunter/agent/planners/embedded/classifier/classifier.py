"""A linear classifier: which function a part of a goal asks for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median_low
from typing import Final

WEIGHTS: Final = Path(__file__).with_name("weights.json")
NOTHING: Final = ""
"""What a part asks for that only tells something."""
_SCALE: Final = 100
"""Weights are kept as whole hundredths."""
_LEAST: Final = 20
"""Hundredths below which a weight isn't kept."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights of features for each of its `functions`; `biases` are what stands for each without any.

    `weights` has, by feature, the weights of the functions that it tells anything about, by their number.
    All are in hundredths of the natural logarithm of a likelihood.
    """

    functions: tuple[str, ...] = ()
    biases: tuple[int, ...] = ()
    weights: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def sums(self, features: Iterable[str]) -> list[int]:
        """What features say for each function, without biases. Sums of parts may be added up."""
        sums = [0] * len(self.functions)
        for feature in features:
            for number, weight in self.weights.get(feature, {}).items():
                sums[number] += weight
        return sums

    def log_likelihoods(self, sums: Sequence[int], possible: Iterable[int]) -> dict[str, float]:
        """The natural logarithm of how likely each of the functions with these numbers is, of all of them."""
        scores = {number: (sums[number] + self.biases[number]) / _SCALE for number in possible}
        highest = max(scores.values(), default=0.0)
        whole = math.fsum(math.exp(score - highest) for score in scores.values())
        return {self.functions[number]: score - highest - math.log(whole) for number, score in scores.items()}

    def text(self) -> str:
        """As the file that `read` reads: a line for each feature."""
        lines = [json.dumps(self.functions), json.dumps(self.biases)]
        for feature in sorted(self.weights):
            numbers = [part for pair in sorted(self.weights[feature].items()) for part in pair]
            lines.append(json.dumps([feature, *numbers], ensure_ascii=False, separators=(",", ":")))
        return "[" + ",\n".join(lines) + "]\n"

    @classmethod
    def read(cls, path: Path = WEIGHTS) -> Classifier:
        """The classifier in a file that `text` made."""
        functions, biases, *lines = json.loads(path.read_text(encoding="utf-8"))
        weights = {feature: dict(zip(rest[::2], rest[1::2], strict=True)) for feature, *rest in lines}
        return cls(tuple(functions), tuple(biases), weights)

    @classmethod
    def of_weights(
        cls, functions: Iterable[str], biases: Iterable[float], weights: Mapping[str, Sequence[float]]
    ) -> Classifier:
        """Of weights in full; what is next to nothing is left out.

        Only differences between functions count, so each feature's weights are moved to have most of
        them near 0.
        """
        whole = {feature: _hundredths(row, median_low(row)) for feature, row in weights.items()}
        kept = {
            feature: {number: weight for number, weight in enumerate(row) if abs(weight) >= _LEAST}
            for feature, row in whole.items()
        }
        return cls(
            tuple(functions),
            tuple(_hundredths(list(biases), 0.0)),
            {feature: row for feature, row in kept.items() if row},
        )


def _hundredths(numbers: Sequence[float], zero: float) -> list[int]:
    return [round((number - zero) * _SCALE) for number in numbers]


@cache
def learned() -> Classifier:
    """The classifier that comes with the planner."""
    return Classifier.read()
