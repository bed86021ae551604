"""`shunter eval …`: run suites of cases, write baselines, compare results with them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from shunter.cli.exits import Exit

_PARTS = ("gate", "baseline")


def execute(words: Sequence[str]) -> Exit:
    """`gate`, `baseline`, else suites to run."""
    part, rest = (words[0], words[1:]) if words and words[0] in _PARTS else ("run", words)
    ended: Exit = import_module(f"shunter.cli.eval.{part}").execute(rest)
    return ended
