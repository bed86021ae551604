"""A linear classifier: how likely a goal asks for a function at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

WEIGHTS: Final = Path(__file__).with_name("weights.json")
_SCALE: Final = 100
"""Weights are kept as whole hundredths."""
_LEAST: Final = 20
"""Hundredths below which a weight isn't kept."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights of features for each of its `functions`; `biases` are what stands for each without any.

    `weights` has, by feature, the weights of the functions that it tells anything about, by their number.
    """

    functions: tuple[str, ...]
    biases: tuple[int, ...]
    weights: Mapping[str, Mapping[int, int]]

    def odds(self, features: Iterable[str]) -> dict[str, float]:
        """The logarithm of the odds that each function is asked for; what it doesn't know isn't in there."""
        sums = list(self.biases)
        for feature in features:
            for number, weight in self.weights.get(feature, {}).items():
                sums[number] += weight
        return {name: total / _SCALE for name, total in zip(self.functions, sums, strict=True)}

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
        cls, functions: Iterable[str], biases: Iterable[float], weights: Mapping[str, Mapping[int, float]]
    ) -> Classifier:
        """Of weights in full; what is next to nothing is left out."""
        whole = {
            feature: {number: round(weight * _SCALE) for number, weight in row.items()}
            for feature, row in weights.items()
        }
        kept = {
            feature: {number: weight for number, weight in row.items() if abs(weight) >= _LEAST}
            for feature, row in whole.items()
        }
        rounded = tuple(round(bias * _SCALE) for bias in biases)
        return cls(tuple(functions), rounded, {feature: row for feature, row in kept.items() if row})


@cache
def learned() -> Classifier:
    """The classifier that comes with the planner."""
    return Classifier.read()
