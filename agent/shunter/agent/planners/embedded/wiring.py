"""Values on their way into functions: which value goes where, and what lies in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shunter.agent.planners.embedded.arguments import is_plain
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

MAX_BRIDGES = 3
_CONVERTING = frozenset({"Convert", "Extract", "Read", "Write", "Transcribe", "Cut", "Build", "Put", "Turn"})
"""How the documentation of functions begins that make the same content into something else."""
_OWN_FUNCTIONS = frozenset({"text/csv", "text/html", "text/vtt", "text/x-diff"})
"""Texts that are more than text: what is made for them is better than what takes any text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A call: arguments under `with` and `each`, as plan data."""

    id: int
    signature: Signature
    with_: Mapping[str, JsonValue]
    each: Mapping[str, JsonValue]
    type: t.Type
    stretch: int | None
    """The stretch of the goal that led to it; None for a bridge."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value at hand: an input (by name) or a node's result."""

    source: str
    type: t.Type
    stems: frozenset[str]
    age: int
    uses: int = 0
    given: bool = False


@dataclass(frozen=True)
class Yard:
    """Nodes so far and the values at hand; `cost` is what speaks against it."""

    nodes: tuple[Node, ...] = ()
    held: tuple[Held, ...] = ()
    cost: float = 0.0
    bridges: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """How a value goes into a parameter: `expression` is plan data."""

    expression: JsonValue
    each: bool
    cost: float


def fit(value: Held, wanted: t.Type) -> Fit | None:
    """How `value` fits, if at all."""
    bare = wanted.inner if isinstance(wanted, t.Optional) else wanted
    reference: dict[str, JsonValue] = {"from": value.source}
    if t.fits(value.type, bare):
        return Fit(reference, False, _coarse(value.type, bare))
    if isinstance(bare, t.ListOf):
        if t.fits(value.type, bare.item):
            return Fit([reference], False, 0.05)
        if isinstance(value.type, t.ListOf) and t.narrows(value.type, bare):
            return Fit({**reference, "as": str(bare)}, False, 0.4)
        if t.narrows(value.type, bare.item):
            return Fit([{**reference, "as": str(bare.item)}], False, 0.5)
        return None
    if isinstance(value.type, t.ListOf):
        if t.fits(value.type.item, bare):
            return Fit(reference, True, 0.05)
        if isinstance(value.type.item, t.File) and t.narrows(value.type.item, bare):
            return Fit({**reference, "as": str(t.ListOf(bare))}, True, 0.4)
    if isinstance(value.type, t.File) and t.narrows(value.type, bare):
        return Fit({**reference, "as": str(bare)}, False, 0.4)
    return None


def _coarse(given: t.Type, wanted: t.Type) -> float:
    special = isinstance(given, t.File) and given.media in _OWN_FUNCTIONS
    return 0.25 if special and isinstance(wanted, t.File) and wanted.media == "text/*" else 0.0


class Bridges:
    """Functions that turn one value into another with nothing else to know."""

    def __init__(self, functions: Sequence[Signature]) -> None:
        self._known: dict[tuple[t.Type, t.Type], list[tuple[tuple[Signature, Parameter], ...]]] = {}
        self._functions = [
            (signature, single)
            for signature in functions
            if not (signature.hosts or signature.secrets or signature.effects)
            and signature.summary.partition(" ")[0] in _CONVERTING
            and (single := _single(signature)) is not None
        ]

    def ways(self, value: Held, wanted: t.Type) -> list[tuple[tuple[Signature, Parameter], ...]]:
        """The shortest chains from `value` to something that fits `wanted`, at most three calls long."""
        key = (value.type, wanted)
        if key not in self._known:
            self._known[key] = self._search(value, wanted)
        return self._known[key]

    def _search(self, value: Held, wanted: t.Type) -> list[tuple[tuple[Signature, Parameter], ...]]:
        bare = wanted.inner if isinstance(wanted, t.Optional) else wanted
        chains: list[tuple[tuple[tuple[Signature, Parameter], ...], t.Type]] = [((), value.type)]
        seen = {str(value.type)}
        for _ in range(MAX_BRIDGES):
            longer: list[tuple[tuple[tuple[Signature, Parameter], ...], t.Type]] = []
            found: list[tuple[tuple[Signature, Parameter], ...]] = []
            for chain, kind in chains:
                for signature, parameter in self._functions:
                    way = fit(replace(value, type=kind), parameter.type)
                    if way is None or way.cost > 0.3:
                        continue
                    given = t.ListOf(signature.returns) if way.each else signature.returns
                    if fit(replace(value, type=given), bare) is not None and _close(given, bare):
                        found.append((*chain, (signature, parameter)))
                    elif str(given) not in seen:
                        longer.append(((*chain, (signature, parameter)), given))
            if found:
                return found[:4]
            for _, kind in longer:
                seen.add(str(kind))
            chains = longer[:40]
        return []


def _close(given: t.Type, wanted: t.Type) -> bool:
    way = fit(Held("x", given, frozenset(), 0), wanted)
    return way is not None and way.cost < 0.3


def _single(signature: Signature) -> Parameter | None:
    """The one parameter that has to be given, where it takes an artifact or text."""
    required = [parameter for parameter in signature.parameters if parameter.required]
    if len(required) != 1:
        return None
    kind = required[0].type
    return required[0] if not is_plain(kind) or isinstance(kind, t.Str) else None
