"""Numbers in pairs: from one to another, and width by height."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.filling import Filling
from shunter.agent.planners.embedded.filling.leaving_out import is_left_out_later
from shunter.agent.planners.embedded.filling.numbers import give_number
from shunter.agent.planners.embedded.kinds import Kind
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_STARTING = frozenset("from after start starts starting begin beginning begins between skip since".split())
_ENDING = frozenset("to until till and - – up end ending ends".split())
_LEADING_ON = frozenset({"to", "till", "until", "-", "–"})
_LEAVING_OUT = frozenset(
    "strip chop rid lose omit leave leaving skip skipping away remove drop without off after".split()
)
_AWAY = frozenset({"away", "off"})
_STOPPING = frozenset({"cut", "stop", "stopping", "ends", "end"})
_ON = (
    ("on",),
    ("onward",),
    ("onwards",),
    ("to", "the", "end"),
    ("until", "the", "end"),
    ("till", "the", "end"),
)
_INITIAL = frozenset("first initial opening".split())
_OF_TIME = frozenset("second seconds minute minutes".split())
_PLACING = frozenset("at from ( position corner offset point".split())
_TIMED = 0.5
"""How much surer a function is that takes a part of something, where a time is said."""
_NEAR = 6


def find_span(filling: Filling) -> None:
    """Give `start` and `end` what is said of where a part begins and ends."""
    ports = {parameter.name: parameter for parameter in filling.open(t.Int, t.Float)}
    if not {"start", "end"} <= ports.keys():
        return
    clause = filling.clause
    numbers = list(filling.free(Kind.NUMBER, Kind.TIME))
    lasting = _lasting(clause, numbers)
    for name, at in _ends(clause, [at for at in numbers if at != lasting]).items():
        give_number(filling, ports[name], at)
        if clause.word(at + 1) in _OF_TIME:
            filling.sure += _TIMED
    if lasting is not None:
        give_number(filling, ports["end"], lasting)
        start, length = filling.arguments.get("start"), filling.arguments["end"]
        if isinstance(start, int | float) and isinstance(length, int | float):
            filling.arguments["end"] = start + length


def _lasting(clause: Clause, numbers: list[int]) -> int | None:
    """The number that says how long a part is, where another says when it begins: `20 seconds from 1:30`."""
    if len(numbers) != 2:
        return None
    length, start = numbers
    if clause.tokens[length].kind is Kind.TIME:
        return None
    between = clause.words[length + 1 : start]
    unit = clause.word(length + 1) in _OF_TIME
    begins = not {"from", "starting", "beginning", "at", "after"}.isdisjoint(between)
    if unit and begins and not _ENDING & set(between) and not _INITIAL & set(clause.words[:length]):
        return length
    return None


def _ends(clause: Clause, numbers: list[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in numbers:
        before = clause.words[max(0, at - _NEAR) : at]
        leads = clause.word(at + 1) in _LEADING_ON and any(other > at for other in numbers)
        if (leads or _goes_on(clause, at)) and "start" not in found:
            found["start"] = at
        elif (not _AWAY.isdisjoint(clause.words[at + 1 : at + 9]) and not _INITIAL.isdisjoint(before)) or (
            _begins_after(clause, at) or _begins_behind(clause, at)
        ):
            found.setdefault("start", at)
        elif not _LEAVING_OUT.isdisjoint(clause.words[:at]) or clause.words[at + 2 : at + 4] == [
            "cut",
            "off",
        ]:
            found.setdefault("start" if not _INITIAL.isdisjoint(before) else "end", at)
        elif not _INITIAL.isdisjoint(before) and is_left_out_later(clause, at):
            found.setdefault("start", at)
        elif not _INITIAL.isdisjoint(before) or ("start" in found and "end" not in found):
            found.setdefault("end", at)
        elif not _STARTING.isdisjoint(before):
            found.setdefault("start", at)
        elif not _ENDING.isdisjoint(before[-3:]) or len(numbers) == 1:
            found.setdefault("end", at)
        else:
            found.setdefault("start", at)
    return found


def _begins_after(clause: Clause, at: int) -> bool:
    """Whether a part is what comes after a moment: `everything after minute 5`."""
    before = clause.words[max(0, at - 3) : at]
    leaves = (_LEAVING_OUT - {"after"}) & {*clause.words}
    return "after" in before and not leaves and not _STOPPING & {*clause.words[:at]}


def _begins_behind(clause: Clause, at: int) -> bool:
    """Whether what comes before a moment is left out: `lose everything before second 95`."""
    led = "before" in clause.words[max(0, at - 3) : at]
    return led and not _LEAVING_OUT.isdisjoint(clause.words[:at])


def _goes_on(clause: Clause, at: int) -> bool:
    """Whether what begins there goes on to the end."""
    after = at + 1 + (clause.word(at + 1) in _OF_TIME)
    return any(tuple(clause.words[after : after + len(phrase)]) == phrase for phrase in _ON)


def find_size(filling: Filling) -> None:
    """Give `width` and `height` what is written as 800x600, or as 800 by 600."""
    ports = {parameter.name: parameter for parameter in filling.open(t.Int, t.Float)}
    if not {"width", "height"} <= ports.keys():
        return
    width, height = ports["width"], ports["height"]
    for at in filling.free(Kind.SIZE):
        size = filling.clause.tokens[at].size
        if size is not None:
            filling.give(width, size[0], at)
            filling.give(height, size[1], at)
            break
    else:
        _by(filling, width, height)
        if width.name not in filling.arguments:
            _square(filling, width, height)
    _find_corner(filling, ports)


def _find_corner(filling: Filling, ports: Mapping[str, Parameter]) -> None:
    """A part in the top left corner leaves out nothing there."""
    if {"left", "top"} <= ports.keys():
        for left, top in pairwise(list(filling.free(Kind.NUMBER))):
            placed = filling.clause.word(left - 1) in _PLACING
            if placed and filling.clause.words[left + 1 : top] in ([","], ["and"], [";"]):
                give_number(filling, ports["left"], left)
                give_number(filling, ports["top"], top)
                return
    if {"left", "top"} <= ports.keys() and _is_top_left(filling.clause):
        filling.give(ports["left"], 0)
        filling.give(ports["top"], 0)


def _is_top_left(clause: Clause) -> bool:
    words = set(clause.words)
    if {"corner", "left"} <= words and words & {"top", "upper"}:
        return True
    return any(
        one in {"top", "upper"} and other == "left" and clause.tokens[at].kind in {Kind.SIZE, Kind.NUMBER}
        for at, (one, other) in enumerate(pairwise(clause.words), start=2)
        if at < len(clause.tokens)
    )


def _square(filling: Filling, width: Parameter, height: Parameter) -> None:
    """Give both sides the one number that a square has."""
    clause = filling.clause
    at = next(iter(clause.find("square")), None)
    number = None if at is None else next((place for place in filling.free(Kind.NUMBER) if place > at), None)
    if number is not None:
        give_number(filling, width, number)
        give_number(filling, height, number)


def _by(filling: Filling, width: Parameter, height: Parameter) -> None:
    for left, right in pairwise(list(filling.free(Kind.NUMBER))):
        if filling.clause.words[left + 1 : right] in (["by"], ["x"], ["×"], ["times"]):
            give_number(filling, width, left)
            give_number(filling, height, right)
            return
