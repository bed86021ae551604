"""What the classifier's odds count for, beside what a stretch of a goal says.

They keep out what long goals only touch on: a short one says hardly anything that it doesn't ask for.
"""

from __future__ import annotations

from collections.abc import Mapping

_UNLIKELY = -3.0
"""Odds below which a function counts as one that the goal doesn't ask for."""
_AGAINST, _FOR = 0.2, 0.05
_MOST = 3.0
_LONG = 30
"""Tokens of a goal for which the odds count in full."""


def leanings(odds: Mapping[str, float], length: int) -> dict[str, float]:
    """What speaks for each function in a goal of `length` tokens, or against it where that is below 0."""
    share = min(1.0, length / _LONG)
    return {name: _leaning(one) * share for name, one in odds.items()}


def _leaning(odds: float) -> float:
    beyond = max(-_MOST / _AGAINST, min(_MOST, odds - _UNLIKELY))
    return beyond * (_FOR if beyond > 0 else _AGAINST)
