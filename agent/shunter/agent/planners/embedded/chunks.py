"""Where a goal's text can be cut, and into which pieces."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shunter.agent.planners.embedded.joints import CUT, Joint, Places, joint_at
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.tokens import Token

MAX_CHUNKS = 18
_NEAR = 3
"""How near to each other joints stand of which the second says more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens `start` to `end`."""

    start: int
    end: int
    joint: Joint


def chunks_of(
    tokens: Sequence[Token],
    cues: Collection[int],
    mentions: Collection[int] = (),
    verbs: Collection[int] = (),
) -> list[Chunk]:
    """The chunks of a text, each with a cue or a literal in it; `cues` are the tokens that tell something.

    What is listed (`a.txt, b.txt and c.txt`) stays together; `mentions` are the tokens that name inputs,
    `verbs` those that functions are called by.
    """
    said = Places(cues, mentions, verbs)
    chunks: list[Chunk] = []
    start, joint, telling = 0, Joint.BREAK, False
    for at, token in enumerate(tokens):
        found = joint_at(tokens, at, said)
        if found is not None and telling:
            chunks.append(Chunk(start, at, joint))
            start, joint, telling = at, found, False
        elif found is not None and at > start and not (joint is Joint.AFTER and at - start > _NEAR):
            joint = _stronger(joint, found)
        named = at > 0 and tokens[at - 1].word in {"by", "per"} and token.kind is Kind.WORD
        telling = telling or at in cues or token.is_literal or token.is_code or named
    if telling or not chunks:
        chunks.append(Chunk(start, len(tokens), joint))
    else:
        chunks[-1] = Chunk(chunks[-1].start, len(tokens), chunks[-1].joint)
    return _fewer(chunks)


def _stronger(one: Joint, other: Joint) -> Joint:
    """Of joints in a row (`, and then`, `, of which`) the one that says which way it goes."""
    directed = {Joint.BEFORE, Joint.AFTER, Joint.LOOSE}
    return other if one not in directed or other in directed else one


def _fewer(chunks: list[Chunk]) -> list[Chunk]:
    """The chunks, the loosest of them joined to the one before where there are too many."""
    while len(chunks) > MAX_CHUNKS:
        at = min(range(1, len(chunks)), key=lambda number: CUT[chunks[number].joint])
        chunks[at - 1 : at + 1] = [Chunk(chunks[at - 1].start, chunks[at].end, chunks[at - 1].joint)]
    return chunks
