"""What a goal is told apart by: its words, one and two in a row, without what is its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.text import Text
from shunter.engine.types import Type

_LONGEST_ENDING = 6


def features_of(text: Text, inputs: Mapping[str, Type]) -> frozenset[str]:
    """The features of a goal. Inputs stand there as their types, literals as their kinds."""
    signs = list(_signs(text, inputs))
    pairs = (f"{one} {other}" for one, other in pairwise(signs))
    return frozenset([*signs, *pairs, *(f"given {kind}" for kind in inputs.values())])


def _signs(text: Text, inputs: Mapping[str, Type]) -> Iterator[str]:
    named = {at: name for name, places in text.mentions.items() for at in places}
    before = None
    for at, token in enumerate(text.tokens):
        name = named.get(at)
        if name is not None and name == before:
            continue
        before = name
        if name is not None:
            yield f"<{inputs[name]}>"
        elif token.kind is Kind.WORD:
            yield token.stem
        elif token.kind is Kind.PATH:
            yield f"<.{token.word.rpartition('.')[2][:_LONGEST_ENDING]}>"
        else:
            yield f"<{token.kind.value}>"
