"""Which of two values is the older one, told from what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from shunter.agent.planners.embedded.lexicon import name_stems
from shunter.agent.planners.embedded.yard import Held
from shunter.engine.types.signature import Parameter

_OLDER = frozenset(
    "old older first original previou previous before earlier initial former prior yesterday base".split()
)
_NEWER = frozenset("new newer second final revis updat after later current latest edit correct today".split())
"""What the names of two versions have in them."""


def is_turned_round(held: Sequence[Held | None], ports: Sequence[Parameter]) -> bool | None:
    """Whether two values go in the other way round, as their names say; None where those don't tell."""
    if "old" not in ports[0].doc.lower() or held[0] is None or held[1] is None:
        return None
    words = [
        one.stems.union(*(name_stems(origin) for origin in one.origins)) for one in held if one is not None
    ]
    ages = [bool(said & _NEWER) - bool(said & _OLDER) for said in words]
    if ages[0] != ages[1]:
        return ages[0] > ages[1]
    numbers = [[int(word) for word in said if word.isdecimal()] for said in words]
    if len(numbers[0]) == len(numbers[1]) == 1 and numbers[0] != numbers[1]:
        return numbers[0] > numbers[1]
    return None
