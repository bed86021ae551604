"""Ways from the values at hand to a parameter: what they cost, and what speaks for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shunter.agent.planners.embedded.bridges import Bridges, Chain, is_conversion, packs, puts_together
from shunter.agent.planners.embedded.fitting import CLOSE, KNOWN, Fit, fit_into
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.agent.planners.embedded.said import Said, is_own
from shunter.agent.planners.embedded.yard import Held, Yard, family, sources_of
from shunter.engine import types as t
from shunter.engine.types import media
from shunter.engine.types.signature import Parameter

BRIDGE = 0.6
"""What speaks against a conversion that nobody asked for."""
_FOR_ANYTHING = 1.0
"""What speaks against converting something for what takes any file."""
_SURPRISE = 0.4
_AS_GIVEN = 0.9
"""What speaks against sending a table just as it is given."""
_AND_BACK = 0.5
"""What speaks against a conversion to the kind of something that the value was made of."""
_TOGETHER = 1.2
"""What speaks for putting together what the words name together."""
_STRANGER = 1.6
"""What speaks against a value for which there is a function to make another from it."""


@dataclass(frozen=True, slots=True)
class Way:
    """A value, and the conversions that lead from it to a parameter.

    `choosing` is what the way is chosen by, the lowest; `cost` is what speaks against the plan with it.
    """

    choosing: float
    cost: float
    held: Held
    chain: Chain


class Ways:
    """Finds ways among the values of a yard, as the words of one clause speak for them."""

    def __init__(self, yard: Yard, said: Said, bridges: Bridges) -> None:
        self._yard = yard
        self._said = said
        self._bridges = bridges

    def of(self, held: Held, parameter: Parameter) -> list[Way]:
        """The ways from a value to a parameter."""
        if _asks(parameter) and self._is_worked_out(held):
            return []
        if isinstance(held.type, t.Int) and not held.given and not self._said.asks_for_number(held):
            return []
        liking = self._said.liking(held, parameter, self._yard)
        surprise = 0.0 if self._said.expects(held, self._yard) else _SURPRISE
        way = fit_into(parameter, held.source, held.type)
        if way is not None and (kind := self._known_kind(held)) is not None:
            way = _better_known(way, parameter, kind)
        found: list[Way] = []
        if way is not None and not self._is_what_it_says(held, parameter):
            way = replace(way, cost=way.cost + _STRANGER)
        if way is not None:
            found.append(Way(way.cost - liking, way.cost + surprise, held, ()))
        if way is None or way.cost >= CLOSE:
            for chain, rest in (*self._bridges.ways_into(parameter, held.type), *self._sent(held, parameter)):
                if fit_into(parameter, "", chain[-1][0].returns) is None:
                    continue
                if self._leads_back(held, chain):
                    continue
                sends = _is_sent(parameter) and _reads_text(chain, held.type)
                if _is_plain_value(parameter) and not (sends or _reads_data(chain, held.type)):
                    continue
                cost = BRIDGE * len(chain) + rest - self._said.speaks_for(chain)
                cost += _FOR_ANYTHING * (bare(parameter.type) == t.File())
                cost += _AND_BACK * self._comes_back(held, chain)
                cost -= _TOGETHER * (puts_together(chain) and self._said.names_several(self._yard))
                found.append(Way(cost - liking, cost + surprise, held, chain))
        return found

    def _is_worked_out(self, held: Held) -> bool:
        """Whether a value is more than an input read in: nobody asks a question that a call has made."""
        node = self._yard.node(held.source)
        return node is not None and not (
            is_conversion(node.signature) and not any(source.startswith("#") for source in sources_of(node))
        )

    def _sent(self, held: Held, parameter: Parameter) -> list[tuple[Chain, float]]:
        """The ways of a table into what is sent: by its rows, rather than as one long text."""
        if held.type != t.File("text/csv") or not _is_sent(parameter):
            return []
        document = t.File("application/json")
        rows = self._bridges.ways(held.type, document)
        read = self._bridges.ways(document, parameter.type)
        untouched = _AS_GIVEN * held.given
        return [((*one, *other), cost + untouched) for one, cost in rows for other, _ in read]

    def _is_what_it_says(self, held: Held, parameter: Parameter) -> bool:
        """Whether a value is what a function is there to make for a parameter, if there is one."""
        maker = self._bridges.maker(parameter)
        node = self._yard.node(held.source)
        return maker is None or (node is not None and node.signature is maker[0]) or is_own(held, parameter)

    def _known_kind(self, held: Held) -> t.File | None:
        """What a file is that was found, picked or fetched by a name whose ending tells it."""
        node = self._yard.node(held.source)
        if node is None or held.type not in (t.File(), t.ListOf(t.File())):
            return None
        names = (node.with_.get(parameter) for parameter in ("pattern", "path", "url"))
        kinds = (media.of_name(name) for name in names if isinstance(name, str))
        return next((t.File(kind) for kind in kinds if kind and kind.startswith(KNOWN)), None)

    def _leads_back(self, held: Held, chain: Chain) -> bool:
        """Whether conversions make what the value was made of, with nothing done in between."""
        kinds = {
            family(one.type) for one in self._yard.held if one.source in self._converted_from(held.source)
        }
        return any(
            family(signature.returns) in kinds
            for signature, port in chain
            if not isinstance(bare(port.type), t.ListOf)
        )

    def _comes_back(self, held: Held, chain: Chain) -> bool:
        """Whether it ends with the kind of what the value comes from, whatever was done in between."""
        if _only_tells(held.type):
            return False
        before = self._yard.ancestors(held.source) - {held.source}
        kinds = {family(one.type) for one in self._yard.held if one.source in before}
        made = chain[-1][0].returns
        return isinstance(made, t.File) and family(made) in kinds

    def _converted_from(self, source: str) -> frozenset[str]:
        """A value, and all that it was made of by conversions alone, or packed from."""
        node = self._yard.node(source)
        if node is None or not (is_conversion(node.signature) or packs(node.signature)):
            return frozenset({source})
        return frozenset({source}).union(*(self._converted_from(origin) for origin in sources_of(node)))


def _only_tells(kind: t.Type) -> bool:
    """Whether a value tells something of another, rather than being made of its content."""
    return isinstance(kind.item if isinstance(kind, t.ListOf) else kind, t.Record)


def _better_known(way: Fit, parameter: Parameter, kind: t.File) -> Fit | None:
    """How a file fits of which the name tells its kind, though its type doesn't."""
    fit = fit_into(parameter, "", kind) or fit_into(parameter, "", t.ListOf(kind))
    return replace(way, cost=min(way.cost, CLOSE)) if fit is not None else None


def _reads_data(chain: Chain, given: t.Type) -> bool:
    """Whether all that lies in between is reading JSON: what a file holds is a value already."""
    kind = given.item if isinstance(given, t.ListOf) else given
    return kind == t.File("application/json") and len(chain) == 1 and chain[0][0].returns == t.Json()


def _is_sent(parameter: Parameter) -> bool:
    """Whether what goes in is sent somewhere."""
    return isinstance(bare(parameter.type), t.Json) and "send" in stems_of(parameter.doc)


def _reads_text(chain: Chain, given: t.Type) -> bool:
    """Whether all that lies in between is reading a text or a table, to send what it says."""
    kind = given.item if isinstance(given, t.ListOf) else given
    read = [signature.returns for signature, _ in chain]
    if kind == t.File("text/csv"):
        return read == [t.File("application/json"), t.Json()]
    return isinstance(kind, t.File) and (kind.media or "").startswith("text/") and read == [t.Str()]


def _is_plain_value(parameter: Parameter) -> bool:
    """Whether it takes a question, an address or a plain value: nobody means what is read out of a file."""
    kind = bare(parameter.type)
    asked = isinstance(kind, t.Str) and role_of(parameter) is Role.URL
    return isinstance(kind, t.Json) or asked or _asks(parameter)


def _asks(parameter: Parameter) -> bool:
    return isinstance(bare(parameter.type), t.Str) and role_of(parameter) is Role.QUESTION
