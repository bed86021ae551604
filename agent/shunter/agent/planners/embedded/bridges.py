"""Conversions that nobody has to ask for: from what is there to what is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.fitting import CLOSE, KNOWN, fit, fit_into
from shunter.agent.planners.embedded.lexicon import bare, name_stems
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature

MAX_LENGTH = 3
_KEPT = 4
_ANYTHING = 0.5
"""What speaks against a conversion that takes anything: it is made for nothing in particular."""
_TOGETHER = 0.1
"""What speaks against putting values into a folder, where each can be made into one."""
_ALONE = 1.2
"""What speaks against putting a single value into a folder."""
_MADE_FOR = 0.3
"""What speaks for a conversion that gives just what a parameter is called after."""
_UNTYPED = 0.8
"""What speaks against taking what lies in a folder for files of some type."""
_CONVERTING = frozenset("Convert Extract Find List Read Write Transcribe Cut Build Put Turn Unpack".split())
"""How the documentation of functions begins that make the same content into something else."""

Bridge: TypeAlias = tuple[Signature, Parameter]
"""A conversion, and the parameter that takes what is converted."""
Chain: TypeAlias = tuple[Bridge, ...]


class Bridges:
    """The conversions of a catalogue; chains of them are searched once for each pair of types."""

    def __init__(self, functions: Collection[Signature]) -> None:
        self._bridges = [
            (signature, parameter)
            for signature in functions
            if is_conversion(signature)
            and not _tells_of(signature)
            and (parameter := _only(signature)) is not None
        ]
        self._reach: dict[t.Type, list[tuple[Chain, t.Type]]] = {}
        self._makers: dict[tuple[str, t.Type], Bridge | None] = {}
        self._known: dict[tuple[t.Type, t.Type], list[tuple[Chain, float]]] = {}
        made = (self.maker(parameter) for one in functions for parameter in one.parameters)
        self._makes_own = {one[0].name for one in made if one is not None}
        """The conversions that are there for a parameter of their name, and for nothing else."""

    def ways(self, given: t.Type, wanted: t.Type) -> list[tuple[Chain, float]]:
        """The shortest chains that lead to something that fits, each with the cost of its last fit."""
        key = (given, wanted)
        if key not in self._known:
            self._known[key] = self._search(given, wanted)
        return self._known[key]

    def ways_into(self, parameter: Parameter, given: t.Type) -> list[tuple[Chain, float]]:
        """Chains that lead into a parameter: through the function that is made for it, where there is one."""
        maker = self.maker(parameter)
        if maker is None:
            return self._ways_to(parameter, given)
        _, port = maker
        if fit_into(port, "", given) is not None:
            return [((maker,), -_MADE_FOR)]
        return [((*chain, maker), rest - _MADE_FOR) for chain, rest in self.ways_into(port, given)]

    def maker(self, parameter: Parameter) -> Bridge | None:
        """The conversion that is called like a parameter, and gives what goes into it: so for `index`."""
        key = (parameter.name, parameter.type)
        if key not in self._makers:
            self._makers[key] = next(
                (
                    (signature, port)
                    for signature, port in self._bridges
                    if name_stems(signature.name.partition(".")[2]) == name_stems(parameter.name)
                    and t.fits(signature.returns, parameter.type)
                ),
                None,
            )
        return self._makers[key]

    def distance(self, given: t.Type, wanted: Parameter) -> int | None:
        """How many conversions lie in between; None where no chain leads there, or it is declined."""
        if fit_into(wanted, "", given) is not None:
            return 0
        if fit("", given, wanted.type) is not None:
            return None
        ways = self.ways_into(wanted, given)
        return len(ways[0][0]) if ways else None

    def _ways_to(self, wanted: Parameter, given: t.Type) -> list[tuple[Chain, float]]:
        """Chains to a parameter's type, without those that make a project of what is none."""
        ways = self.ways(given, wanted.type)
        if not isinstance(bare(wanted.type), t.Directory) or wanted.name == "folder" or _may_be_code(given):
            return ways
        return [(chain, rest) for chain, rest in ways if not puts_together(chain)]

    def _search(self, given: t.Type, wanted: t.Type) -> list[tuple[Chain, float]]:
        found: list[tuple[Chain, float]] = []
        for chain, kind in self._reached(given):
            if found and len(chain) > len(found[0][0]):
                break
            if _lists(chain[-1][0]) and kind != wanted:
                continue  # what lies in a folder is a table, and nobody means that as a text
            way = fit("", kind, wanted)
            if way is not None and (way.cost < CLOSE or _is_untyped(kind)):
                unsure = 0.0 if way.cost < CLOSE else _UNTYPED
                alone = not isinstance(given, t.ListOf)
                together = (_TOGETHER + _ALONE * alone) * puts_together(chain)
                found.append((chain, way.cost + unsure + together + _ANYTHING * _careless(chain, given)))
        return sorted(found, key=lambda item: item[1])[:_KEPT]

    def _reached(self, given: t.Type) -> list[tuple[Chain, t.Type]]:
        """All that can be made of a value, the shortest chains first."""
        if given not in self._reach:
            self._reach[given] = self._spread(given)
        return self._reach[given]

    def _spread(self, given: t.Type) -> list[tuple[Chain, t.Type]]:
        reached: list[tuple[Chain, t.Type]] = []
        edge: list[tuple[Chain, t.Type]] = [((), given)]
        seen = {given}
        for _ in range(MAX_LENGTH):
            further: list[tuple[Chain, t.Type]] = []
            for chain, kind in edge:
                for signature, parameter in self._bridges:
                    if signature.name in self._makes_own:
                        continue
                    way = fit_into(parameter, "", kind)
                    if way is not None and way.cost < CLOSE:
                        result = t.ListOf(signature.returns) if way.each else signature.returns
                        found_again = _is_untyped(result) or _lists(signature)
                        if _is_of_no_use(parameter, kind, chain):
                            continue
                        if result not in seen and not (found_again and puts_together(chain)):
                            further.append(((*chain, (signature, parameter)), result))
            reached.extend(further)
            seen.update(kind for _, kind in further)
            edge = further
        return reached


def _is_of_no_use(parameter: Parameter, kind: t.Type, chain: Chain) -> bool:
    """Whether a text would be taken for data, or be written to a file that was just read."""
    is_text = kind == t.Str()
    return is_text and (isinstance(bare(parameter.type), t.Json) or bool(chain))


def _lists(signature: Signature) -> bool:
    """Whether it makes a file of a folder: a list of what lies there."""
    takes = {bare(parameter.type) for parameter in signature.parameters if parameter.required}
    return t.Directory() in takes and isinstance(signature.returns, t.File)


def puts_together(chain: Chain) -> bool:
    """Whether something is put into a folder: to find it there again would be a detour."""
    return any(isinstance(bare(parameter.type), t.ListOf) for _, parameter in chain)


def _may_be_code(kind: t.Type) -> bool:
    """Whether files may be those of a project: no tables, texts or pictures, which are known as such."""
    bare_kind = kind.item if isinstance(kind, t.ListOf) else kind
    return not (isinstance(bare_kind, t.File) and (bare_kind.media or "").startswith(KNOWN))


def _is_untyped(kind: t.Type) -> bool:
    """Whether it's what was found in a folder: files of which only their content tells the type."""
    return kind == t.ListOf(t.File())


def is_conversion(signature: Signature) -> bool:
    """Whether a function makes the same content into something else, and does nothing beyond that."""
    acts = signature.hosts or signature.secrets or signature.effects or packs(signature)
    return not acts and signature.summary.partition(" ")[0] in _CONVERTING


def _tells_of(signature: Signature) -> bool:
    """Whether it gives data that tells something of what it takes: nobody means that in place of it."""
    kind = signature.returns.item if isinstance(signature.returns, t.ListOf) else signature.returns
    return isinstance(kind, t.Record)


def packs(signature: Signature) -> bool:
    """Whether a whole folder becomes one file of its own kind: nobody means that who doesn't say it."""
    takes = {bare(parameter.type) for parameter in signature.parameters if parameter.required}
    kind = signature.returns
    return t.Directory() in takes and isinstance(kind, t.File) and not (kind.media or "").startswith("text/")


def _only(signature: Signature) -> Parameter | None:
    """The one parameter that has to be given, where it takes an artifact or text."""
    required = [parameter for parameter in signature.parameters if parameter.required]
    if len(required) != 1:
        return None
    kind = required[0].type
    return required[0] if not is_literal_type(kind) or isinstance(kind, t.Str | t.Json) else None


def _careless(chain: Chain, given: t.Type) -> int:
    """How many conversions of a chain take anything, and don't name what they are given."""
    count = 0
    for signature, parameter in chain:
        kind = bare(parameter.type)
        count += (isinstance(kind, t.Json) and given != kind and not _is_of_records(given)) or (
            kind == t.File() and not _names(signature, given)
        )
        given = signature.returns
    return count


def _is_of_records(kind: t.Type) -> bool:
    """Whether it's what data is mostly: a list of records."""
    return isinstance(kind, t.ListOf) and isinstance(kind.item, t.Record)


def _names(signature: Signature, given: t.Type) -> bool:
    """Whether a function's documentation names the format of what it is given."""
    kind = given.item if isinstance(given, t.ListOf) else given
    formats = {word for word, media in FORMATS.items() if isinstance(kind, t.File) and kind.media == media}
    return not formats.isdisjoint(re.findall(r"[a-z0-9.]+", signature.doc.lower()))
