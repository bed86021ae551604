"""Arguments as they are found, and what speaks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.kinds import Kind
from shunter.agent.planners.embedded.lexicon import bare
from shunter.agent.planners.embedded.thesaurus import FORMATS
from shunter.agent.planners.embedded.tokens import Token
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

_REQUIRED, _OPTIONAL, _FURTHER, _LEFT_OVER = 0.7, 0.4, 0.4, 1.1
_FORMAT_UNSAID = 1.0
"""What speaks against converting something where nobody says to what."""
_IDLE = 0.8
"""What speaks against cutting or resizing something where nobody says to what."""
_FEWER = 0.3
"""What a number written as a word weighs, which may only count what is there: the two reports."""

_INSIDE = 2.0
"""What a path weighs that leads into folders: `the md5 of conf/app.json in the backup`."""
_PLAIN = {Kind.KEYS: 2.2, Kind.GLOB: 1.6, Kind.URL: 1.6, Kind.VARIABLE: 2.2}
"""How much more literals weigh that hardly stand anywhere by chance."""

_NO_LITERALS = (t.File, t.Directory, t.Secret, t.Record)

Spot: TypeAlias = tuple[str, *tuple[int, ...]]
"""A text that may be an argument, and the places of the clause where it stands."""


def is_literal_type(kind: t.Type) -> bool:
    """Whether a literal can be of the type."""
    while isinstance(kind, (t.Optional, t.ListOf)):
        kind = kind.inner if isinstance(kind, t.Optional) else kind.item
    return not isinstance(kind, _NO_LITERALS)


class Filling:
    """The arguments that the words of a clause give to a function.

    `whole` are the lists among them that stand in one place. `further` are those of a second call that goes
    on with what the first gives, where one call can't do all.
    """

    def __init__(self, signature: Signature, clause: Clause) -> None:
        self.signature = signature
        self.clause = clause
        self.arguments: dict[str, JsonValue] = {}
        self.further: dict[str, JsonValue] = {}
        self.used: set[int] = set()
        self.whole: set[str] = set()
        self.sure = 0.0

    def open(self, *kinds: type[t.Type]) -> Iterator[Parameter]:
        """The parameters of some kinds that have no argument yet."""
        for parameter in self.signature.parameters:
            kind = parameter.type
            kind = kind.inner if isinstance(kind, t.Optional) else kind
            if isinstance(kind, kinds) and parameter.name not in self.arguments:
                yield parameter

    def going_on(self) -> Filling:
        """The filling of the second call."""
        second = Filling(self.signature, self.clause)
        second.arguments = dict(self.further)
        return second

    def give(self, parameter: Parameter, value: JsonValue, *places: int) -> None:
        """Give a parameter its argument, which stands at these places of the clause."""
        self.arguments[parameter.name] = value
        self.used.update(places)

    def free(self, *kinds: Kind) -> Iterator[int]:
        """The places of tokens of some kinds that nothing uses yet and that name no input."""
        for at, token in enumerate(self.clause.tokens):
            if token.kind in kinds and at not in self.used and at not in self.clause.mentioned:
                yield at

    @property
    def missing(self) -> tuple[str, ...]:
        """Required parameters that a literal could be given to, and that have none."""
        return tuple(
            parameter.name
            for parameter in self.signature.parameters
            if parameter.name not in self.arguments and parameter.required and is_literal_type(parameter.type)
        )

    @property
    def used_places(self) -> frozenset[int]:
        """The tokens of the whole text that became arguments."""
        return frozenset(self.clause.places[at] for at in self.used)

    def _repeats(self, text: str) -> bool:
        """Whether a literal only says again what is part of an argument: `with "a" (the regex ^a)`."""
        return any(isinstance(value, str) and text in value for value in self.arguments.values())

    @property
    def _is_idle(self) -> bool:
        """Whether the function would give back what it takes, for want of any number."""
        kinds = [parameter.type for parameter in self.signature.parameters if parameter.required]
        if kinds != [self.signature.returns]:
            return False
        numbers = [
            parameter.name
            for parameter in self.signature.parameters
            if not parameter.required and isinstance(bare(parameter.type), t.Int | t.Float)
        ]
        return len(numbers) > 1 and not self.arguments.keys() & numbers

    @property
    def gain(self) -> float:
        """What speaks for the function: arguments that were found, less literals that it has no use for."""
        required = {
            parameter.name
            for parameter in self.signature.parameters
            if parameter.name in self.arguments and parameter.required
        }
        found = sum(
            (_REQUIRED if name in required else _OPTIONAL)
            + _FURTHER * (name not in self.whole) * _length(value)
            for name, value in self.arguments.items()
            if value != []
        )
        left = sum(
            _weight(token)
            for at, token in self.clause.literals
            if at not in self.used and not self._repeats(token.text)
        )
        unsaid = any(_is_format(parameter.type) for parameter in self.open(t.Enum))
        return found + self.sure - _LEFT_OVER * left - _FORMAT_UNSAID * unsaid - _IDLE * self._is_idle


def _weight(token: Token) -> float:
    """What a literal weighs that nothing was made of."""
    if token.kind is Kind.NUMBER and token.text.isalpha():
        return _FEWER
    if token.kind is Kind.PATH and "/" in token.text.rstrip("/") and token.text[0] not in "/.":
        return _INSIDE
    return _PLAIN.get(token.kind, 1.0)


def literals(filling: Filling, *kinds: Kind) -> Iterator[Spot]:
    """The literals of some kinds that nothing uses yet, the first kind first."""
    for kind in kinds:
        for at in filling.free(kind):
            yield filling.clause.tokens[at].text, at


def _is_format(kind: t.Type) -> bool:
    kind = bare(kind)
    return isinstance(kind, t.Enum) and all(choice in FORMATS for choice in kind.choices)


def _length(value: JsonValue) -> int:
    """How many values there are beyond the first."""
    return max(0, len(value) - 1) if isinstance(value, list) else 0
