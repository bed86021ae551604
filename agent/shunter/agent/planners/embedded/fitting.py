"""How a value at hand goes into a parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.thesaurus import FORMATS, KIND_NOUNS
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter

CLOSE = 0.3
"""Fits that cost less than this lose nothing, and need no look at the content."""
_WRAP, _EACH, _ANY, _SPECIAL, _NARROW = 0.05, 0.05, 0.15, 0.25, 0.7
KNOWN = (*sorted(set(FORMATS.values())), *KIND_NOUNS)
"""Media types, or beginnings of them, that documentation has words for."""
_MORE_THAN_TEXT = frozenset({"text/csv", "text/html", "text/vtt", "text/x-diff"})
"""Texts that have functions of their own: what takes any text is rarely meant for them."""


@dataclass(frozen=True, slots=True)
class Fit:
    """`expression` is plan data for `with`, or for `each` where that is set; `cost` speaks against it."""

    expression: JsonValue
    each: bool
    cost: float


@lru_cache(maxsize=50_000)
def fit(source: str, given: t.Type, wanted: t.Type) -> Fit | None:
    """How the value called `source` fits, if at all."""
    kind = bare(wanted)
    reference: dict[str, JsonValue] = {"from": source}
    if t.fits(given, kind):
        return Fit(reference, False, _coarseness(given, kind))
    if isinstance(kind, t.ListOf):
        return _into_list(reference, given, kind)
    if isinstance(given, t.ListOf):
        return _each(reference, given.item, kind)
    if isinstance(given, t.File | t.Json) and t.narrows(given, kind):
        return Fit({**reference, "as": str(kind)}, False, _NARROW)
    return None


def fit_into(parameter: Parameter, source: str, given: t.Type) -> Fit | None:
    """The same, where the parameter's documentation counts too: an archive of any type is no table."""
    kind = bare(parameter.type)
    if isinstance(kind, t.File) and kind.media is None and _is_declined(parameter.doc, given):
        return None
    return fit(source, given, parameter.type)


@lru_cache(maxsize=5_000)
def _is_declined(doc: str, given: t.Type) -> bool:
    """Whether a file is of a kind that has a name, and the documentation names others only."""
    kind = given.item if isinstance(given, t.ListOf) else given
    if not isinstance(kind, t.File) or kind.media is None or not kind.media.startswith(KNOWN):
        return False
    words = re.findall(r"[a-z0-9.]*[a-z0-9]", doc.lower())
    named = [FORMATS[word] for word in words if word in FORMATS]
    stems = set(stems_of(doc))
    named += [start for start, nouns in KIND_NOUNS.items() if not nouns.isdisjoint(stems)]
    return bool(named) and not kind.media.startswith(tuple(named))


def _into_list(reference: dict[str, JsonValue], given: t.Type, wanted: t.ListOf) -> Fit | None:
    if t.fits(given, wanted.item):
        return Fit([reference], False, _WRAP + _coarseness(given, wanted.item))
    if isinstance(given, t.ListOf) and t.narrows(given, wanted):
        return Fit({**reference, "as": str(wanted)}, False, _NARROW)
    if isinstance(given, t.File) and t.narrows(given, wanted.item):
        return Fit([{**reference, "as": str(wanted.item)}], False, _WRAP + _NARROW)
    return None


def _each(reference: dict[str, JsonValue], given: t.Type, wanted: t.Type) -> Fit | None:
    if t.fits(given, wanted):
        return Fit(reference, True, _EACH + _coarseness(given, wanted))
    if isinstance(given, t.File) and t.narrows(given, wanted):
        return Fit({**reference, "as": str(t.ListOf(wanted))}, True, _EACH + _NARROW)
    return None


def _coarseness(given: t.Type, wanted: t.Type) -> float:
    if isinstance(given, t.ListOf) and isinstance(wanted, t.ListOf):
        return _coarseness(given.item, wanted.item)
    special = isinstance(given, t.File) and given.media in _MORE_THAN_TEXT
    if special and wanted == t.File():
        return _ANY
    return _SPECIAL if special and isinstance(wanted, t.File) and wanted.media == "text/*" else 0.0
