"""What the words of a clause say about the values at hand: which of them are meant."""

from __future__ import annotations

from collections.abc import Collection

from shunter.agent.planners.embedded.bridges import Chain
from shunter.agent.planners.embedded.filling.clause import Clause
from shunter.agent.planners.embedded.idioms import GREATEST, LEAST
from shunter.agent.planners.embedded.lexicon import name_stems, stems_of
from shunter.agent.planners.embedded.synonyms import SAID_FOR
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.thesaurus import KIND_NOUNS, NOUNS
from shunter.agent.planners.embedded.yard import Held, Yard
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter

_NEVER = 10_000
_COUNTING, _NEAR = frozenset({"number", "many"}), 4
_ALL = frozenset({"both", "two", "all"})
_POINTING = frozenset("it that this result".split())
"""What the newest value is called, where it's one."""
_RESULT = frozenset("result results outcome output that those findings".split())
"""What stands for the newest value alone."""
_BECOMING = frozenset({"as", "into"})
"""How what begins that gives another form to the newest value: `as a page`."""
_ADDING = frozenset("add adding attach append look fetch supplement bring put tack merge join pull".split())
_TOWARDS = frozenset({"to", "for", "onto", "into"})
_SAID_BRIDGE = 0.3
_BESIDES = frozenset("besides also additionally moreover furthermore separately plus".split())
"""What begins something that is done with what is given, rather than with what was made of it."""
_ASKED_FOR = 2.8
"""What speaks for a number that is asked for: more than for the whole that it's part of."""
_MENTIONED, _NAMED, _KIND, _NEWEST, _UNUSED, _AGAIN, _OWN = 1.4, 0.8, 0.4, 0.9, 0.5, 0.5, 0.4


class Said:
    """The words of one clause, held against the values of a yard; `used` are those for arguments."""

    def __init__(self, clause: Clause, text: Text, used: Collection[int] = ()) -> None:
        self._text = text
        self._places = set(clause.places)
        self._naming = self._places.difference(used)
        self._stems = {token.stem for token in clause.tokens}
        words = [token.word for token in clause.tokens]
        self._points = not _RESULT.isdisjoint(words) or not _BECOMING.isdisjoint(words[:5])
        self._besides = not _BESIDES.isdisjoint(words[:4])
        self._meant = self._stems.union(*(SAID_FOR.get(word, ()) for word in self._stems))

    def names(self, held: Held) -> bool:
        """Whether an input is called by its name here."""
        return bool(self._naming & self._text.mentions.get(held.source, frozenset()))

    def asks_for_number(self, held: Held) -> bool:
        """Whether a number is asked for by what it counts: `the number of failed ones`."""
        tokens = self._text.tokens
        counted = (at for at, token in enumerate(tokens) if token.stem in held.stems)
        return any(
            not _COUNTING.isdisjoint(token.word for token in tokens[max(0, at - _NEAR) : at])
            for at in counted
        )

    @property
    def means_all(self) -> bool:
        """Whether all that there is is meant: `one file of both`."""
        return any(self._text.tokens[at].word in _ALL for at in self._places)

    def names_several(self, yard: Yard) -> bool:
        """Whether several inputs are called by their names here."""
        return sum(held.given and self.names(held) for held in yard.held) > 1

    def liking(self, held: Held, parameter: Parameter, yard: Yard) -> float:
        """How much speaks for handing a value to a parameter, types aside."""
        own = (held.stems | held.origins) & {*name_stems(parameter.name), *stems_of(parameter.doc)[:3]}
        apart = self._besides and held.given and self.names(held)
        if isinstance(held.type, t.Int) and self.asks_for_number(held):
            return _ASKED_FOR
        liking = _UNUSED if apart or not yard.used(held) else -_AGAIN * yard.used(held)
        meant = self._given(held, yard) if held.given else self._made(held, yard)
        return liking + meant + _OWN * bool(own)

    def _given(self, held: Held, yard: Yard) -> float:
        changed = any(held.source in one.origins and self._describes(one, yard) for one in yard.held)
        if self.names(held) and not changed:
            return _MENTIONED + 0.01 * (100 - min(self._text.mentions[held.source])) / 100
        if held.stems & self._stems:
            return _NAMED
        return _KIND if kind_nouns(held.type) & self._stems else 0.0

    def _made(self, held: Held, yard: Yard) -> float:
        if self._describes(held, yard):
            return _MENTIONED
        if held.age == yard.newest or held.source in yard.group:
            return _MENTIONED if self._points else _NEWEST
        return _NAMED if held.stems & self._stems else 0.0

    def _describes(self, held: Held, yard: Yard) -> bool:
        """Whether a result is called by what was done to its input: `the formatted project`."""
        node = next((node for node in yard.nodes if node.source == held.root), None)
        if node is None:
            return False
        tokens, nouns = self._text.tokens, kind_nouns(held.type)
        named = {at for origin in held.origins for at in self._text.mentions.get(origin, ())}
        named |= {at for at in self._places if tokens[at].stem in nouns}
        done = name_stems(node.signature.name.partition(".")[2])
        return any(
            at > 0 and tokens[at - 1].stem in done and tokens[at - 1].word.endswith("ed")
            for at in named & self._places
        )

    def orders_by_end(self, name: str) -> bool:
        """Whether a word stands behind one for an end of an order: `the busiest town`."""
        tokens = self._text.tokens
        return any(
            at > 0 and tokens[at].text == name and tokens[at - 1].word in (GREATEST | LEAST)
            for at in self._places
        )

    def is_added_to(self, held: Held) -> bool:
        """Whether another value is added to this one: `add the prices to the orders`."""
        tokens = self._text.tokens
        adding = [at for at in self._places if tokens[at].word in _ADDING]
        for at in self._text.mentions.get(held.source, frozenset()) & self._places:
            before = [token.word for token in tokens[max(0, at - 2) : at]]
            if not _TOWARDS.isdisjoint(before) and any(other < at for other in adding):
                return True
        return False

    def expects(self, held: Held, yard: Yard) -> bool:
        """Whether nobody wonders when this value is taken."""
        fresh = held.age == yard.newest or not yard.used(held)
        return fresh or bool(held.stems & self._stems) or self._describes(held, yard)

    def leaves_out(self, held: Held) -> bool:
        """Whether it's an input that the whole text doesn't name, where it names others."""
        return held.given and not self._text.mentions[held.source] and bool(self._text.mentioned)

    def first_named(self, held: Held, yard: Yard) -> int:
        """Where a value is first named, or what it was made of; far behind, where that isn't here."""
        names = held.origins or {held.source}
        everywhere = [at for name in names for at in self._text.mentions.get(name, ())]
        places = [at for at in everywhere if at not in self._text.told] or everywhere
        here = [at for at in places if at in self._places]
        if not here and held.age == yard.newest:
            here = [at for at in self._places if self._text.tokens[at].word in _POINTING]
        return min(here, default=_NEVER + min(places, default=_NEVER))

    def speaks_for(self, chain: Chain) -> float:
        """What speaks for conversions that the words speak for as well."""
        names = [set(stems_of(signature.name.partition(".")[2])) for signature, _ in chain]
        return _SAID_BRIDGE * sum(bool(name & self._meant) for name in names)


def is_own(held: Held, parameter: Parameter) -> bool:
    """Whether the words for a parameter are those for a value, or for what it was made of."""
    words = held.stems.union(*(name_stems(origin) for origin in held.origins))
    return bool(words & ({*name_stems(parameter.name), *stems_of(parameter.doc)[:3]} - NOUNS))


def kind_nouns(kind: t.Type) -> frozenset[str]:
    """What values of a type are called."""
    while isinstance(kind, t.ListOf | t.Optional):
        kind = kind.item if isinstance(kind, t.ListOf) else kind.inner
    if isinstance(kind, t.Directory):
        return frozenset({"folder", "directory", "project", "code", "sourc"})
    media = kind.media or "" if isinstance(kind, t.File) else ""
    return next((nouns for start, nouns in KIND_NOUNS.items() if media.startswith(start)), frozenset())
