"""One call put into a yard: its literals filled in, its values wired, what is in between bridged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shunter.agent.planners.embedded.arguments import Clause, Filling, fill, is_plain
from shunter.agent.planners.embedded.profile import stems_of
from shunter.agent.planners.embedded.wiring import Bridges, Fit, Held, Node, Yard, fit
from shunter.engine import types as t
from shunter.engine.digest import JsonValue
from shunter.engine.types.signature import Parameter, Signature

_BRIDGE = 0.85
_MENTIONED, _NEWEST, _UNUSED, _AGAIN = 1.2, 0.9, 0.5, 0.5
_FROM_VALUES = frozenset({"text", "value", "question", "body"})


def place(yard: Yard, signature: Signature, clause: Clause, bridges: Bridges, stretch: int) -> Yard | None:
    """`yard` with one call more; None where the call can't be made there."""
    filling = fill(signature, clause)
    call = _Call(yard, clause, bridges, signature, filling)
    for parameter in signature.parameters:
        if parameter.name in filling.arguments:
            continue
        if not _is_wanted(parameter, filling):
            continue
        if not call.wire(parameter):
            return None
    if any(name not in call.with_ and name not in call.each for name in filling.missing):
        return None
    return call.done(stretch)


def _is_wanted(parameter: Parameter, filling: Filling) -> bool:
    if not is_plain(parameter.type):
        return True
    return parameter.name in filling.missing and (
        parameter.name in _FROM_VALUES or isinstance(parameter.type, t.Json)
    )


class _Call:
    def __init__(
        self, yard: Yard, clause: Clause, bridges: Bridges, signature: Signature, filling: Filling
    ) -> None:
        self._yard = yard
        self._clause = clause
        self._stems = {token.stem for token in clause.tokens}
        self._bridges = bridges
        self._signature = signature
        self._cost = -filling.gain
        self._taken: set[str] = set()
        self.with_: dict[str, JsonValue] = dict(filling.arguments)
        self.each: dict[str, JsonValue] = {}

    def wire(self, parameter: Parameter) -> bool:
        """Give the parameter a value; whether that went well, which it does for one that may be left out."""
        if not parameter.required:
            return self._optional(parameter)
        best: tuple[float, Held, Fit | None, Sequence[tuple[Signature, Parameter]]] | None = None
        for held in self._yard.held:
            if held.source in self._taken:
                continue
            liking = self._liking(held, parameter)
            way = fit(held, parameter.type)
            if way is not None:
                cost = way.cost - liking
                if best is None or cost < best[0]:
                    best = (cost, held, way, ())
                if way.cost < 0.3:
                    continue
            for chain in self._bridges.ways(held, parameter.type):
                cost = (
                    _BRIDGE * len(chain) - liking + self._unsaid(chain) + self._rough(held, chain, parameter)
                )
                if best is None or cost < best[0]:
                    best = (cost, held, None, chain)
        if best is None:
            return False
        _, held, way, chain = best
        self._cost += self._price(held, way, chain, parameter)
        if way is None:
            held = self._bridge(held, chain)
            way = fit(held, parameter.type)
            if way is None:
                return False
        self._use(held, parameter, way)
        return True

    def _price(
        self, held: Held, way: Fit | None, chain: Sequence[tuple[Signature, Parameter]], wanted: Parameter
    ) -> float:
        """What speaks against a plan for wiring it so, whatever else there was to choose from."""
        newest = max(other.age for other in self._yard.held)
        expected = held.stems & self._stems or held.age == newest or not held.uses
        price = 0.0 if expected else 0.4
        if way is not None:
            return price + way.cost
        return price + _BRIDGE * len(chain) + self._unsaid(chain) + self._rough(held, chain, wanted)

    def done(self, stretch: int) -> Yard:
        """The yard with the call."""
        kind = t.ListOf(self._signature.returns) if self.each else self._signature.returns
        node = Node(len(self._yard.nodes), self._signature, self.with_, self.each, kind, stretch)
        return _added(self._yard, node, self._cost)

    def _optional(self, parameter: Parameter) -> bool:
        """A result that nothing else has used, and that is just what is wanted here."""
        for held in self._yard.held:
            way = fit(held, parameter.type)
            if (
                way is not None
                and way.cost == 0.0
                and not held.uses
                and not held.given
                and held.source not in self._taken
            ):
                self._use(held, parameter, way)
                break
        return True

    def _liking(self, held: Held, parameter: Parameter) -> float:
        newest = max(other.age for other in self._yard.held)
        liking = _MENTIONED if held.stems & self._stems else 0.0
        if not held.given and held.age == newest:
            liking += _NEWEST
        if not held.uses:
            liking += _UNUSED
        else:
            liking -= _AGAIN * held.uses
        if held.stems & set(stems_of(parameter.name)):
            liking += 0.4
        return liking

    def _unsaid(self, chain: Sequence[tuple[Signature, Parameter]]) -> float:
        """A bridge that the clause's words speak for costs less."""
        said = sum(
            bool(set(stems_of(signature.name.partition(".")[2])) & self._stems) for signature, _ in chain
        )
        return -0.3 * said

    def _rough(self, held: Held, chain: Sequence[tuple[Signature, Parameter]], wanted: Parameter) -> float:
        """What it costs that the end of a chain is more than what is wanted."""
        kind = chain[-1][0].returns
        way = fit(
            replace(held, type=t.ListOf(kind) if isinstance(held.type, t.ListOf) else kind), wanted.type
        )
        return way.cost if way is not None else 0.0

    def _bridge(self, held: Held, chain: Sequence[tuple[Signature, Parameter]]) -> Held:
        for signature, parameter in chain:
            way = fit(held, parameter.type)
            assert way is not None
            with_: dict[str, JsonValue] = {} if way.each else {parameter.name: way.expression}
            each: dict[str, JsonValue] = {parameter.name: way.expression} if way.each else {}
            kind = t.ListOf(signature.returns) if way.each else signature.returns
            self._mark(held)
            node = Node(len(self._yard.nodes), signature, with_, each, kind, None)
            self._yard = _added(self._yard, node, 0.0, bridges=1)
            held = self._yard.held[-1]
        return held

    def _use(self, held: Held, parameter: Parameter, way: Fit) -> None:
        self._mark(held)
        self._taken.add(held.source)
        if way.each:
            self.each[parameter.name] = way.expression
            return
        expression = way.expression
        bare = parameter.type.inner if isinstance(parameter.type, t.Optional) else parameter.type
        if isinstance(bare, t.ListOf) and isinstance(expression, list):
            expression = [*expression, *self._companions(held, bare)]
            expression.sort(key=self._order)
        self.with_[parameter.name] = expression

    def _companions(self, first: Held, wanted: t.ListOf) -> list[JsonValue]:
        """Further values for a list: those that are unused or mentioned, and are of the same kind."""
        more: list[JsonValue] = []
        for held in self._yard.held:
            if (
                held.source == first.source
                or held.source in self._taken
                or not t.fits(held.type, wanted.item)
            ):
                continue
            if (held.stems & self._stems) or not held.uses:
                self._mark(held)
                self._taken.add(held.source)
                more.append({"from": held.source})
        return more

    def _order(self, expression: JsonValue) -> int:
        source = expression["from"] if isinstance(expression, dict) else ""
        return next((at for at, held in enumerate(self._yard.held) if held.source == source), 0)

    def _mark(self, used: Held) -> None:
        held = tuple(
            replace(one, uses=one.uses + 1) if one.source == used.source else one for one in self._yard.held
        )
        self._yard = replace(self._yard, held=held)


def _added(yard: Yard, node: Node, cost: float, *, bridges: int = 0) -> Yard:
    stems = frozenset(stems_of(node.signature.returns_doc)[:2])
    result = Held(f"#{node.id}", node.type, stems, len(yard.nodes) + 1)
    return Yard((*yard.nodes, node), (*yard.held, result), yard.cost + cost, yard.bridges + bridges)
