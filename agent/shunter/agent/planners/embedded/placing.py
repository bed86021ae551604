"""One stretch's calls put into a yard: one, or one for each of the values that its words name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.call import Call
from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.filling.fill import fill
from shunter.agent.planners.embedded.filling.filling import Filling, is_literal_type
from shunter.agent.planners.embedded.fitting import CLOSE, Fit, fit_into
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.yard import Held, Yard, sources_of
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature

_BESIDE = 0.3
"""What speaks against taking what the call before was made of, rather than what it made."""
_BESIDES, _LEADING = frozenset({"its", "also", "another", "their"}), 5
"""Words that may say so, and how far from the beginning they stand."""
_ONE_BY_ONE = 0.3
"""What speaks against handing values one by one to a function that takes them all together."""


def place(yard: Yard, filling: Filling, stretch: int, text: Text, bridges: Bridges) -> Iterator[Yard]:
    """`yard` with the call that `filling` is for, in each of the ways that it may be made there.

    Where the words name several values for a parameter that takes one, the call is made for each. Where it
    takes a list, they may go in together or one by one.
    """
    port = _single_port(filling.signature)
    several = _several(yard, filling, port, text) if port is not None else ()
    takes_list = port is not None and isinstance(port.type, t.ListOf)
    if len(several) < 2 or takes_list:
        made = Call(yard, filling, text, bridges).placed(stretch, {})
        if made is not None and filling.further and port is not None:
            made = Call(made, filling.going_on(), text, bridges).placed(stretch, {port.name: _newest(made)})
        if made is not None:
            yield replace(made, group=())
        if (
            port is not None
            and not filling.further
            and (source := _taken_before(yard, filling, text)) is not None
        ):
            beside = Call(yard, filling, text, bridges).placed(stretch, {port.name: source})
            if beside is not None:
                yield replace(beside, cost=beside.cost + _BESIDE)
    if len(several) > 1 and port is not None and not (takes_list and "several" in filling.signature.summary):
        fillings = [filling] * len(several) if takes_list else _each_its_own(filling, several, text)
        one_by_one = _one_by_one(yard, zip(several, fillings, strict=True), port, stretch, text, bridges)
        if one_by_one is not None:
            yield replace(one_by_one, cost=one_by_one.cost + _ONE_BY_ONE * takes_list)


def _one_by_one(
    yard: Yard,
    calls: Iterable[tuple[Held, Filling]],
    port: Parameter,
    stretch: int,
    text: Text,
    bridges: Bridges,
) -> Yard | None:
    sources = []
    for held, filling in calls:
        made = Call(yard, filling, text, bridges).placed(stretch, {port.name: held})
        if made is None:
            return None
        yard = made
        sources.append(yard.nodes[-1].source)
    return replace(yard, group=tuple(sources))


def _taken_before(yard: Yard, filling: Filling, text: Text) -> Held | None:
    """What the call before was made of, where another part of it may be meant: `and its last line`."""
    newest = yard.nodes[-1] if yard.nodes else None
    if newest is None or newest.each or _BESIDES.isdisjoint(filling.clause.words[:_LEADING]):
        return None
    sources = list(sources_of(newest))
    port = _single_port(filling.signature)
    held = next((one for one in yard.held if one.source == sources[0]), None) if len(sources) == 1 else None
    fits = held is not None and port is not None and fit_into(port, held.source, held.type) is not None
    same = held is not None and held.type == newest.type
    return held if fits and same else None


def _newest(yard: Yard) -> Held:
    return next(held for held in yard.held if held.source == yard.nodes[-1].source)


def _single_port(signature: Signature) -> Parameter | None:
    ports = [parameter for parameter in signature.parameters if not is_literal_type(parameter.type)]
    required = [parameter for parameter in ports if parameter.required]
    return required[0] if len(required) == 1 else None


def _several(yard: Yard, filling: Filling, port: Parameter, text: Text) -> tuple[Held, ...]:
    places = set(filling.clause.places)
    named = [
        held
        for held in yard.held
        if held.given and not yard.used(held) and places & text.mentions.get(held.source, frozenset())
    ]
    grouped = [held for held in yard.held if held.source in yard.group and not yard.used(held)]
    given = [held for held in yard.held if held.given and not yard.used(held)]
    pair = given if len(given) == 2 and "both" in filling.clause.words else []
    for candidates in (named, grouped, pair):
        fitting = [held for held in candidates if _is_close(fit_into(port, held.source, held.type))]
        if len(fitting) > 1:
            return tuple(fitting)
    return ()


def _each_its_own(filling: Filling, several: Sequence[Held], text: Text) -> Sequence[Filling]:
    """The filling for each value: its own where the words say different things of each, or else the same.

    `the names without repeats and the ages as numbers` says one thing of the names, another of the ages.
    """
    clause = filling.clause
    firsts = [
        min(
            (at for at, place in enumerate(clause.places) if place in text.mentions.get(held.source, ())),
            default=0,
        )
        for held in several
    ]
    starts = [0, *(_begins(clause, before, at) for before, at in pairwise(sorted(firsts)))]
    if len(set(starts)) < len(several):
        return [filling] * len(several)
    ends = [*starts[1:], len(clause.places)]
    parts = [
        fill(filling.signature, clause.part(start, end)) for start, end in zip(starts, ends, strict=True)
    ]
    if any(not part.arguments or part.missing != filling.missing for part in parts):
        return [filling] * len(several)
    return [parts[sorted(firsts).index(first)] for first in firsts]


def _begins(clause: Clause, before: int, at: int) -> int:
    """Where the words begin that are said of a value: behind the last `and` or comma before its name."""
    return next((place for place in range(at, before, -1) if clause.words[place] in {"and", ",", ";"}), 0)


def _is_close(way: Fit | None) -> bool:
    return way is not None and not way.each and way.cost < CLOSE
