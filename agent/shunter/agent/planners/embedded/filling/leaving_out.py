"""Whether a part is spoken of to be left out: `the first 3 seconds are shaky, cut these away`."""

from __future__ import annotations

from collections.abc import Sequence

from shunter.agent.planners.embedded.filling.clause import Clause

_REACH = 24
_REMOVING = frozenset("cut remove drop delete strip trim skip lose chop leave take throw get clip".split())
_ELSE_KEEPING = frozenset("leave take throw get".split())
"""Verbs that only with `away`, `off` or `out` say that something is left out."""
_AWAY = frozenset("away off out rid".split())
_POINTING = frozenset("them these those it that this".split())
_GONE = frozenset("removed dropped cut deleted skipped gone trimmed stripped".split())
_GOING = frozenset({"should", "must", "can", "to"})


def is_left_out_later(clause: Clause, at: int) -> bool:
    """Whether what stands at a place is left out by what the text says behind it."""
    place = clause.places[at]
    words = [token.word for token in clause.whole[place + 1 : place + _REACH]]
    return any(
        _removes(words[number:]) or words[number : number + 2] == ["the", "rest"] or _goes(words[number:])
        for number in range(len(words))
    )


def _removes(words: Sequence[str]) -> bool:
    """Whether the words begin by removing what was spoken of: `cut these away`."""
    if words[0] not in _REMOVING or _POINTING.isdisjoint(words[1:3]):
        return False
    return words[0] not in _ELSE_KEEPING or not _AWAY.isdisjoint(words[1:5])


def _goes(words: Sequence[str]) -> bool:
    """Whether it's said that something has to go."""
    if words[0] == "be" and words[1:2]:
        return words[1] in _GONE
    return words[0] in _GOING and words[1:2] == ["go"] and words[2:3] != ["to"]
