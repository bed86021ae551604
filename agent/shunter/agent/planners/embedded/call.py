"""One call: its parameters given values, and what lies in between bridged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shunter.agent.planners.embedded.bridges import Bridges, puts_together
from shunter.agent.planners.embedded.filling.filling import Filling, is_literal_type
from shunter.agent.planners.embedded.fitting import Fit, fit_into
from shunter.agent.planners.embedded.flow import can_be_wired, is_order
from shunter.agent.planners.embedded.headings import (
    called_rightly,
    column_in_view,
    lost_columns,
)
from shunter.agent.planners.embedded.lexicon import bare, name_stems
from shunter.agent.planners.embedded.said import Said, is_own
from shunter.agent.planners.embedded.text import Text
from shunter.agent.planners.embedded.versions import is_turned_round
from shunter.agent.planners.embedded.ways import BRIDGE, Ways
from shunter.agent.planners.embedded.yard import Held, Node, Yard
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

_NO_SUCH_COLUMN = 1.5
"""What speaks against naming a column that an earlier step has dropped."""
_ALONE = 0.8
"""What speaks against handing a single value to a function that is for several."""


class Call:
    """A call on its way into a yard; `placed` puts it there, once."""

    def __init__(self, yard: Yard, filling: Filling, text: Text, bridges: Bridges) -> None:
        self._yard = yard
        self._signature = filling.signature
        self._said = Said(filling.clause, text, filling.used_places)
        self._bridges = bridges
        self._cost = 0.0
        self._is_fixed = False
        self._taken: set[str] = set()
        self._handed: set[str] = set()
        self._with: dict[str, JsonValue] = dict(filling.arguments)
        self._each: dict[str, JsonValue] = {}

    def placed(self, stretch: int, fixed: Mapping[str, Held]) -> Yard | None:
        """The yard with the call in it; `fixed` values go where they are said to go."""
        self._is_fixed = bool(fixed)
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
            elif is_order(parameter) and (column := column_in_view(self._yard.nodes)) is not None:
                self._with[parameter.name] = [column]
            elif not (
                (not is_literal_type(parameter.type) or can_be_wired(parameter)) and self._wire(parameter)
            ):
                return None
        self._put_in_order()
        self._with |= called_rightly(self._with, self._signature, self._yard.nodes, self._said)
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
            next(
                (one for one in self._yard.held if isinstance(source, dict) and one.source == source["from"]),
                None,
            )
            for source in sources
        ]
        if (aged := is_turned_round(held, ports)) is not None:
            if aged:
                self._with[ports[0].name], self._with[ports[1].name] = sources[1], sources[0]
            return
        if (
            held[0] is None
            or held[1] is None
            or any(is_own(one, port) for one, port in zip(held, ports, strict=True) if one is not None)
        ):
            return
        if held[0].source in self._yard.ancestors(held[1].source):
            return
        made = held[1].source in self._yard.ancestors(held[0].source)
        named = [(self._said.first_named(one, self._yard), one.age) for one in held if one is not None]
        if made or named[0] > named[1] or self._is_base(held[1], ports[0]):
            self._with[ports[0].name], self._with[ports[1].name] = sources[1], sources[0]

    def _is_base(self, held: Held, port: Parameter) -> bool:
        """Whether a value is the one that is added to, and the port the left one of two."""
        return port.name == "left" and self._said.is_added_to(held)

    def _wire(self, parameter: Parameter) -> bool:
        """Give the parameter a value; whether there is any."""
        ways = Ways(self._yard, self._said, self._bridges)
        free = [held for held in self._yard.held if held.source not in self._taken]
        found = [way for held in free for way in ways.of(held, parameter)]
        if not found:
            return False
        best = min(found, key=lambda way: (way.choosing, -way.held.age))
        held, chain = best.held, best.chain
        self._cost += best.cost
        alike = self._named_alike(held) if chain and isinstance(bare(parameter.type), t.ListOf) else ()
        for signature, port in chain:
            held = self._bridge(held, signature, port)
        for other in alike:
            for signature, port in chain:
                other = self._bridge(other, signature, port)
        way = fit_into(parameter, held.source, held.type)
        assert way is not None
        self._convert_named(parameter, held)
        self._use(held, parameter, way)
        return True

    def _convert_named(self, parameter: Parameter, chosen: Held) -> None:
        """Convert other inputs that the words name, and that only then go into the same list."""
        kind = bare(parameter.type)
        if not isinstance(kind, t.ListOf) or isinstance(chosen.type, t.ListOf) or self._is_fixed:
            return
        for held in self._yard.held:
            named = held.given and held is not chosen and self._said.names(held) and not self._yard.used(held)
            if not named or t.fits(held.type, kind.item) or isinstance(held.type, t.ListOf):
                continue
            if self._is_wanted_elsewhere(held, parameter):
                continue
            for signature, port in next((chain for chain, _ in self._bridges.ways(held.type, kind.item)), ()):
                held = self._bridge(held, signature, port)
                self._cost += BRIDGE

    def _is_wanted_elsewhere(self, held: Held, parameter: Parameter) -> bool:
        """Whether a value is just what another parameter of the call takes."""
        others = (other for other in self._signature.parameters if other.required and other is not parameter)
        return any(other.name not in self._with and t.fits(held.type, other.type) for other in others)

    def _named_alike(self, held: Held) -> tuple[Held, ...]:
        """Other inputs of the type that are meant as well: they go the same way into a list."""
        return tuple(
            other
            for other in self._yard.held
            if other.given and other is not held and other.type == held.type
            if self._said.names(other)
            or (not self._yard.used(other) and (self._said.means_all or not self._said.names(held)))
        )

    def _bridge(self, held: Held, signature: Signature, parameter: Parameter) -> Held:
        way = fit_into(parameter, held.source, held.type)
        assert way is not None
        argument = {parameter.name: self._taking(held, signature, parameter, way)}
        with_, each = ({}, argument) if way.each else (argument, {})
        kind = t.ListOf(signature.returns) if way.each else signature.returns
        node = Node(len(self._yard.nodes), signature, with_, each, kind, None)
        same = next((other for other in self._yard.nodes if node.does_the_same_as(other)), None)
        if same is None:
            self._yard = self._yard.adding(node)
        source = (same or node).source
        return next(held for held in reversed(self._yard.held) if held.source == source)

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
        items = [expression[0], *(() if self._is_fixed else self._companions(kind.item))]
        if len(items) == 1 and "several" in self._signature.summary and signature is self._signature:
            self._cost += _ALONE
        return sorted(items, key=self._order)

    def _take_for_optional(self, parameter: Parameter) -> None:
        """What nothing else has used, and is just what is wanted here; a secret can be given again."""
        again = isinstance(bare(parameter.type), t.Secret)
        for held in self._yard.held:
            way = fit_into(parameter, held.source, held.type)
            unused = again or (not self._yard.used(held) and held.source not in self._taken)
            if unused and way is not None and way.cost == 0.0 and self._is_meant_for(held, parameter):
                self._use(held, parameter, way)
                return
        self._convert_for_optional(parameter)

    def _convert_for_optional(self, parameter: Parameter) -> None:
        """What the words name, nothing has used, and one conversion makes to what is wanted here."""
        if is_literal_type(parameter.type) or isinstance(bare(parameter.type), t.Secret):
            return
        for held in self._yard.held:
            named = held.given and self._said.names(held) and not self._yard.used(held)
            if not named or held.source in self._taken or self._is_wanted_elsewhere(held, parameter):
                continue
            chains = (chain for chain, _ in self._bridges.ways(held.type, bare(parameter.type)))
            chain = next((one for one in chains if len(one) == 1 and not puts_together(one)), None)
            if chain is not None:
                self._cost += BRIDGE / 2
                made = self._bridge(held, *chain[0])
                way = fit_into(parameter, made.source, made.type)
                assert way is not None
                self._use(made, parameter, way)
                return

    def _is_meant_for(self, held: Held, parameter: Parameter) -> bool:
        """A plain value is meant for the option of its name; an artifact, where it's made or named here.

        A secret is meant for either.
        """
        own = held.given and name_stems(held.source) == name_stems(parameter.name)
        if isinstance(bare(parameter.type), t.Secret):
            return own or self._said.names(held)
        if is_literal_type(parameter.type):
            return own
        node = self._yard.node(held.source)
        if node is None:
            return self._said.names(held)
        made = held.stems | {*name_stems(node.signature.name.partition(".")[2])}
        return not made.isdisjoint(name_stems(parameter.name))

    def _companions(self, wanted: t.Type) -> Sequence[JsonValue]:
        """Further values for a list: of its kind, and either unused or named."""
        more: list[JsonValue] = []
        for held in self._yard.held:
            named = self._said.names(held)
            if held.source in self._taken or not t.fits(held.type, wanted):
                continue
            if self._is_made_of_taken(held) or (not named and self._said.leaves_out(held)):
                continue
            if named or not self._yard.used(held):
                self._yard = self._yard.taking(held)
                self._taken.add(held.source)
                self._handed.add(held.source)
                more.append({"from": held.source})
        return more

    def _is_made_of_taken(self, held: Held) -> bool:
        """Whether one is made of the other: nobody puts a thing together with what was made of it."""
        before = self._yard.ancestors(held.source)
        return bool(self._handed & before) or any(
            held.source in self._yard.ancestors(taken) for taken in self._handed
        )

    def _order(self, expression: JsonValue) -> int:
        source = expression["from"] if isinstance(expression, dict) else ""
        return next((at for at, held in enumerate(self._yard.held) if held.source == source), 0)
