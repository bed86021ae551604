"""One call put into a yard: its values wired, and what lies in between bridged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shunter.agent.planners.embedded.bridges import Bridges, Chain
from shunter.agent.planners.embedded.filling.filling import Filling, is_literal_type
from shunter.agent.planners.embedded.fitting import CLOSE, Fit, fit_into
from shunter.agent.planners.embedded.flow import can_be_wired
from shunter.agent.planners.embedded.headings import lost_columns
from shunter.agent.planners.embedded.lexicon import bare, name_stems, stems_of
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.thesaurus import KIND_NOUNS, NOUNS
from shunter.agent.planners.embedded.yard import Held, Node, Yard
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

_NEVER = 10_000
_POINTING = frozenset("it them that this those these result".split())
"""What the newest value is called."""
_NO_SUCH_COLUMN = 1.5
"""What speaks against naming a column that an earlier step has dropped."""
_ALONE = 0.8
"""What speaks against handing a single value to a function that is for several."""
_BRIDGE, _SAID_BRIDGE, _SURPRISE = 0.6, 0.3, 0.4
_MENTIONED, _NAMED, _KIND, _NEWEST, _UNUSED, _AGAIN, _OWN = 1.4, 0.8, 0.4, 0.9, 0.5, 0.5, 0.4


def place(yard: Yard, filling: Filling, stretch: int, text: Text, bridges: Bridges) -> Yard | None:
    """`yard` with the call that `filling` is for; None where it can't be made there.

    Where the words name several values for a parameter that takes one, the call is made for each.
    """
    port = _single_port(filling.signature)
    several = _several(yard, filling, port, text) if port is not None else ()
    if len(several) < 2:
        call = _Call(yard, filling, text, bridges)
        return replace(made, group=()) if (made := call.placed(stretch, {})) is not None else None
    assert port is not None
    current: Yard | None = yard
    sources = []
    for held in several:
        assert current is not None
        current = _Call(current, filling, text, bridges).placed(stretch, {port.name: held})
        if current is None:
            return None
        sources.append(current.nodes[-1].source)
    assert current is not None
    return replace(current, group=tuple(sources))


def _single_port(signature: Signature) -> Parameter | None:
    ports = [parameter for parameter in signature.parameters if not is_literal_type(parameter.type)]
    required = [parameter for parameter in ports if parameter.required]
    return required[0] if len(required) == 1 and not isinstance(required[0].type, t.ListOf) else None


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


def _is_close(way: Fit | None) -> bool:
    return way is not None and not way.each and way.cost < CLOSE


class _Call:
    def __init__(self, yard: Yard, filling: Filling, text: Text, bridges: Bridges) -> None:
        self._yard = yard
        self._filling = filling
        self._signature = filling.signature
        self._text = text
        self._bridges = bridges
        self._places = set(filling.clause.places)
        self._stems = {token.stem for token in filling.clause.tokens}
        self._cost = 0.0
        self._taken: set[str] = set()
        self._handed: set[str] = set()
        self._with: dict[str, JsonValue] = dict(filling.arguments)
        self._each: dict[str, JsonValue] = {}

    def placed(self, stretch: int, fixed: Mapping[str, Held]) -> Yard | None:
        """The yard with the call in it; `fixed` values go where they are said to go."""
        for parameter in self._signature.parameters:
            if parameter.name in self._with:
                continue
            if parameter.name in fixed:
                held = fixed[parameter.name]
                way = fit_into(parameter, held.source, held.type)
                assert way is not None
                self._use(held, parameter, way)
            elif not parameter.required:
                self._take_for_optional(parameter)
            elif not (
                (not is_literal_type(parameter.type) or can_be_wired(parameter)) and self._wire(parameter)
            ):
                return None
        self._put_in_order()
        kind = t.ListOf(self._signature.returns) if self._each else self._signature.returns
        node = Node(len(self._yard.nodes), self._signature, self._with, self._each, kind, stretch)
        if any(node.does_the_same_as(other) for other in self._yard.nodes):
            return None
        lost = _NO_SUCH_COLUMN * len(lost_columns(node, self._yard.nodes))
        return replace(self._yard.adding(node), cost=self._yard.cost + self._cost + lost)

    def _put_in_order(self) -> None:
        """Two values of one type go in as the text names them, or what they were made of."""
        ports = [parameter for parameter in self._signature.parameters if not is_literal_type(parameter.type)]
        if len(ports) != 2 or ports[0].type != ports[1].type or self._each:
            return
        sources = [self._with.get(port.name) for port in ports]
        held = [
            next((one for one in self._yard.held if {"from": one.source} == source), None)
            for source in sources
        ]
        if (
            held[0] is None
            or held[1] is None
            or any(self._is_own(one, port) for one, port in zip(held, ports, strict=True))
        ):
            return
        if held[0].source in self._yard.ancestors(held[1].source):
            return
        made = held[1].source in self._yard.ancestors(held[0].source)
        named = [(self._first_named(one), one.age) for one in held if one is not None]
        if made or named[0] > named[1]:
            self._with[ports[0].name], self._with[ports[1].name] = sources[1], sources[0]

    def _is_own(self, held: Held | None, parameter: Parameter) -> bool:
        said = {*name_stems(parameter.name), *stems_of(parameter.doc)[:3]} - NOUNS
        return held is not None and bool(self._words(held) & said)

    def _first_named(self, held: Held) -> int:
        names = held.origins or {held.source}
        places = [at for name in names for at in self._text.mentions.get(name, ())]
        here = [at for at in places if at in self._places]
        if not here and held.age == self._yard.newest:
            here = [at for at in self._places if self._text.tokens[at].word in _POINTING]
        return min(here, default=_NEVER + min(places, default=_NEVER))

    def _wire(self, parameter: Parameter) -> bool:
        """Give the parameter a value; whether there is any."""
        ways = [way for held in self._yard.held for way in self._ways(held, parameter)]
        if not ways:
            return False
        _, price, held, chain = min(ways, key=lambda way: (way[0], -way[2].age))
        self._cost += price
        alike = self._named_alike(held) if chain and isinstance(bare(parameter.type), t.ListOf) else ()
        for signature, port in chain:
            held = self._bridge(held, signature, port)
        for other in alike:
            for signature, port in chain:
                other = self._bridge(other, signature, port)
        way = fit_into(parameter, held.source, held.type)
        assert way is not None
        self._use(held, parameter, way)
        return True

    def _named_alike(self, held: Held) -> tuple[Held, ...]:
        """Other inputs of the type that the words name as well: they go the same way into a list."""
        return tuple(
            other
            for other in self._yard.held
            if other.given and other is not held and other.type == held.type
            if self._places & self._text.mentions.get(other.source, frozenset())
        )

    def _ways(self, held: Held, parameter: Parameter) -> list[tuple[float, float, Held, Chain]]:
        """Ways from a value to the parameter: the cost for choosing, the cost that stays, and the bridges."""
        if held.source in self._taken:
            return []
        liking = self._liking(held, parameter)
        surprise = 0.0 if self._is_expected(held) else _SURPRISE
        way = fit_into(parameter, held.source, held.type)
        found: list[tuple[float, float, Held, Chain]] = []
        if way is not None:
            found.append((way.cost - liking, way.cost + surprise, held, ()))
        if way is None or way.cost >= CLOSE:
            for chain, rest in self._bridges.ways(held.type, parameter.type):
                if fit_into(parameter, "", chain[-1][0].returns) is None:
                    continue
                if self._leads_back(held, chain):
                    continue
                if _is_plain_value(parameter) and not _reads_data(chain, held.type):
                    continue
                cost = _BRIDGE * len(chain) + rest - self._said(chain)
                found.append((cost - liking, cost + surprise, held, chain))
        return found

    def _leads_back(self, held: Held, chain: Chain) -> bool:
        """Whether conversions make a type that the value was made of: they only undo what was done."""
        before = {held.source, *self._yard.ancestors(held.source)}
        kinds = {_item(one.type) for one in self._yard.held if one.source in before}
        return any(
            _item(signature.returns) in kinds
            for signature, port in chain
            if not isinstance(bare(port.type), t.ListOf)
        )

    def _liking(self, held: Held, parameter: Parameter) -> float:
        own = bool(
            (held.stems | held.origins) & set(name_stems(parameter.name) + stems_of(parameter.doc)[:3])
        )
        liking = _UNUSED if not self._yard.used(held) else -_AGAIN * self._yard.used(held)
        if held.given:
            changed = any(held.source in one.origins and self._is_described(one) for one in self._yard.held)
            if self._places & self._text.mentions.get(held.source, frozenset()) and not changed:
                liking += _MENTIONED + 0.01 * (100 - min(self._text.mentions[held.source])) / 100
            elif held.stems & self._stems:
                liking += _NAMED
            elif kind_nouns(held.type) & self._stems:
                liking += _KIND
        elif self._is_described(held):
            liking += _MENTIONED
        elif held.age == self._yard.newest or held.source in self._yard.group:
            liking += _NEWEST
        elif held.stems & self._stems:
            liking += _NAMED
        return liking + _OWN * own

    def _is_described(self, held: Held) -> bool:
        """Whether a result is called by what was done to its input: `the formatted project`."""
        node = next((node for node in self._yard.nodes if node.source == held.root), None)
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

    def _words(self, held: Held) -> frozenset[str]:
        """The words for a value, and for what it was made of."""
        return held.stems.union(*(name_stems(origin) for origin in held.origins))

    def _is_expected(self, held: Held) -> bool:
        fresh = held.age == self._yard.newest or not self._yard.used(held)
        return fresh or bool(held.stems & self._stems) or self._is_described(held)

    def _said(self, chain: Chain) -> float:
        """What speaks for a bridge that the words of the clause speak for as well."""
        names = [set(stems_of(signature.name.partition(".")[2])) for signature, _ in chain]
        return _SAID_BRIDGE * sum(bool(name & self._stems) for name in names)

    def _bridge(self, held: Held, signature: Signature, parameter: Parameter) -> Held:
        way = fit_into(parameter, held.source, held.type)
        assert way is not None
        argument = {parameter.name: self._taking(held, signature, parameter, way)}
        with_, each = ({}, argument) if way.each else (argument, {})
        kind = t.ListOf(signature.returns) if way.each else signature.returns
        node = Node(len(self._yard.nodes), signature, with_, each, kind, None)
        self._yard = self._yard.adding(node)
        return next(held for held in reversed(self._yard.held) if held.source == node.source)

    def _use(self, held: Held, parameter: Parameter, way: Fit) -> None:
        self._handed.add(held.source)
        expression = self._taking(held, self._signature, parameter, way)
        (self._each if way.each else self._with)[parameter.name] = expression

    def _taking(self, held: Held, signature: Signature, parameter: Parameter, way: Fit) -> JsonValue:
        """The expression for a value that is taken, with what else belongs into a list of its kind."""
        self._yard = self._yard.taking(held)
        self._taken.add(held.source)
        kind, expression = bare(parameter.type), way.expression
        if way.each or not isinstance(kind, t.ListOf) or not isinstance(expression, list):
            return expression
        items = [expression[0], *self._companions(kind.item)]
        if len(items) == 1 and "several" in self._signature.summary and signature is self._signature:
            self._cost += _ALONE
        return sorted(items, key=self._order)

    def _take_for_optional(self, parameter: Parameter) -> None:
        """What nothing else has used, and is just what is wanted here."""
        for held in self._yard.held:
            way = fit_into(parameter, held.source, held.type)
            unused = not self._yard.used(held) and held.source not in self._taken
            if unused and way is not None and way.cost == 0.0 and self._is_meant_for(held, parameter):
                self._use(held, parameter, way)
                return

    def _is_meant_for(self, held: Held, parameter: Parameter) -> bool:
        """A plain value is meant for the option of its name; an artifact, where it's made or named here."""
        if is_literal_type(parameter.type):
            return held.given and name_stems(held.source) == name_stems(parameter.name)
        return not held.given or bool(self._places & self._text.mentions.get(held.source, frozenset()))

    def _companions(self, wanted: t.Type) -> Sequence[JsonValue]:
        """Further values for a list: of its kind, and either unused or named."""
        more: list[JsonValue] = []
        for held in self._yard.held:
            named = bool(self._places & self._text.mentions.get(held.source, frozenset()))
            if held.source in self._taken or not t.fits(held.type, wanted):
                continue
            if self._is_made_of_taken(held) or (not named and self._is_unsaid(held)):
                continue
            if named or not self._yard.used(held):
                self._yard = self._yard.taking(held)
                self._taken.add(held.source)
                self._handed.add(held.source)
                more.append({"from": held.source})
        return more

    def _is_unsaid(self, held: Held) -> bool:
        """Whether it's an input that the goal doesn't name, where it names others."""
        return held.given and not self._text.mentions[held.source] and bool(self._text.mentioned)

    def _is_made_of_taken(self, held: Held) -> bool:
        """Whether one is made of the other: nobody puts a thing together with what was made of it."""
        before = self._yard.ancestors(held.source)
        return bool(self._handed & before) or any(
            held.source in self._yard.ancestors(taken) for taken in self._handed
        )

    def _order(self, expression: JsonValue) -> int:
        source = expression["from"] if isinstance(expression, dict) else ""
        return next((at for at, held in enumerate(self._yard.held) if held.source == source), 0)


def kind_nouns(kind: t.Type) -> frozenset[str]:
    """What values of a type are called."""
    while isinstance(kind, t.ListOf | t.Optional):
        kind = kind.item if isinstance(kind, t.ListOf) else kind.inner
    if isinstance(kind, t.Directory):
        return frozenset({"folder", "directory", "project", "code", "sourc"})
    media = kind.media or "" if isinstance(kind, t.File) else ""
    return next((nouns for start, nouns in KIND_NOUNS.items() if media.startswith(start)), frozenset())


def _item(kind: t.Type) -> t.Type:
    return kind.item if isinstance(kind, t.ListOf) else kind


def _reads_data(chain: Chain, given: t.Type) -> bool:
    """Whether all that lies in between is reading JSON: what a file holds is a value already."""
    kind = given.item if isinstance(given, t.ListOf) else given
    return kind == t.File("application/json") and len(chain) == 1 and chain[0][0].returns == t.Json()


def _is_plain_value(parameter: Parameter) -> bool:
    """Whether the parameter takes a question or a plain value: nobody means what is read out of a file."""
    kind = bare(parameter.type)
    return isinstance(kind, t.Json) or (isinstance(kind, t.Str) and role_of(parameter) is Role.QUESTION)
