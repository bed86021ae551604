"""What the parts of a goal are told apart by: their words, one and two in a row, without what is its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.tokens import Token

GIVEN = "<given>"
_LONGEST_ENDING = 6

Signs = Sequence[Sequence[str]]
"""For each token of a text the features that end with it."""


def signs_of(tokens: Sequence[Token], given: Collection[int], aside: Collection[int] = ()) -> Signs:
    """The signs of a text. What is given stands there as such, literals as their kinds.

    `given` are the tokens that name what is worked on; those `aside` say nothing.
    """
    found: list[tuple[str, ...]] = []
    before: str | None = None
    for at, token in enumerate(tokens):
        sign = None if token.kind is Kind.BREAK else GIVEN if at in given else _sign(token)
        if at in aside or sign is None or (sign == GIVEN and at - 1 in given):
            found.append(())
        else:
            found.append((sign, f"{before} {sign}") if before else (sign,))
        before = sign
    return found


def _sign(token: Token) -> str:
    if token.kind is Kind.WORD:
        return token.stem
    if token.kind is Kind.PATH:
        return f"<.{token.word.rpartition('.')[2][:_LONGEST_ENDING]}>"
    return f"<{token.kind.value}>"
