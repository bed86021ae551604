"""Which functions can be reached from what is given, and how well one goes on with another's result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from shunter.agent.planners.embedded.bridges import Bridges
from shunter.agent.planners.embedded.filling.filling import is_literal_type
from shunter.agent.planners.embedded.fitting import fit_into
from shunter.agent.planners.embedded.lexicon import bare, stems_of
from shunter.agent.planners.embedded.roles import Role, role_of
from shunter.engine import types as t
from shunter.engine.types.signature import Parameter, Signature, Signatures

ROUNDS = 4
_MADE = 0.5
"""What speaks for a function that takes what another is there to make."""
_A_STEP, _FROM_START, _NOWHERE = 0.6, 0.35, 2.4


class Flow:
    """The types that can come about, from the given ones on."""

    def __init__(self, functions: Signatures, given: Iterable[t.Type], bridges: Bridges) -> None:
        self._functions = dict(functions)
        self._given = tuple(given)
        self._bridges = bridges
        self._costs: dict[tuple[str | None, str], float] = {}
        self._reached = self._closure()

    def reaches(self, name: str) -> bool:
        """Whether all that the function needs of artifacts can be had."""
        return name in self._reached

    def feeds(self, signature: Signature) -> bool:
        """Whether the inputs alone are enough, with no more than conversions in between."""
        return self._is_led_to(signature, self._given)

    def can_follow(self, names: Collection[str]) -> bool:
        """Whether the functions can be called in some order, each fed by inputs or by those before it."""
        kinds, left = list(self._given), list(names)
        while left:
            fed = [name for name in left if self._is_led_to(self._functions[name], kinds)]
            if not fed:
                return False
            for name in fed:
                kinds.extend(_results(self._functions[name]))
            left = [name for name in left if name not in fed]
        return True

    def _is_led_to(self, signature: Signature, kinds: Collection[t.Type]) -> bool:
        wanted = (parameter for parameter in signature.parameters if _takes_artifact(parameter))
        return all(any(self._leads(kind, parameter) for kind in kinds) for parameter in wanted)

    def _leads(self, given: t.Type, wanted: Parameter) -> bool:
        return self._bridges.distance(given, wanted) is not None

    def cost(self, before: str | None, name: str) -> float:
        """What speaks against calling the function after `before`, or first of all."""
        key = (before, name)
        if key not in self._costs:
            self._costs[key] = self._cost(before, self._functions[name])
        return self._costs[key]

    def can_do_without(self, signature: Signature, missing: tuple[str, ...]) -> bool:
        """Whether what no words give to the function can come from another call, or is given."""
        return not missing or all(
            can_be_wired(parameter) or is_order(parameter)
            for parameter in signature.parameters
            if parameter.name in missing
        )

    def _cost(self, before: str | None, signature: Signature) -> float:
        wanted = [parameter for parameter in signature.parameters if _takes_artifact(parameter)]
        if not wanted:
            return 0.0
        main = wanted[0]
        start = _FROM_START if before else 0.0
        costs = [start + self._distance(kind, main) for kind in self._given]
        if before is not None:
            result = self._functions[before].returns
            costs.append(min(self._distance(result, main), self._distance(t.ListOf(result), main)))
            if isinstance(result, t.Record):
                costs.extend(self._distance(kind, main) for _, kind in result.fields)
        return min(costs, default=_NOWHERE)

    def _distance(self, given: t.Type, wanted: Parameter) -> float:
        way = fit_into(wanted, "", given)
        if way is not None:
            return way.cost
        steps = self._bridges.distance(given, wanted)
        made = _MADE * (self._bridges.maker(wanted) is not None)
        return _NOWHERE if steps is None else max(0.0, _A_STEP * steps - made)

    def _closure(self) -> frozenset[str]:
        """The functions that all artifacts can be had for; each port is tried with each type once."""
        hungry = {
            name: [parameter for parameter in signature.parameters if _takes_artifact(parameter)]
            for name, signature in self._functions.items()
        }
        kinds, new = set(self._given), set(self._given)
        for _ in range(ROUNDS):
            for name, ports in hungry.items():
                hungry[name] = [port for port in ports if not _is_fed(port, new)]
            fed = [name for name, ports in hungry.items() if not ports]
            if not fed:
                break
            for name in fed:
                del hungry[name]
            new = {kind for name in fed for kind in _results(self._functions[name])} - kinds
            kinds |= new
        return frozenset(self._functions.keys() - hungry.keys())


def _is_fed(port: Parameter, kinds: Iterable[t.Type]) -> bool:
    return any(fit_into(port, "", kind) is not None for kind in kinds)


def _results(signature: Signature) -> Iterator[t.Type]:
    """What a call may give: its result, one for each of several, and the parts of it."""
    result = signature.returns
    yield from (result, t.ListOf(result))
    if isinstance(result, t.Record):
        yield from (kind for _, kind in result.fields)


def can_be_wired(parameter: Parameter) -> bool:
    """Whether a parameter that takes a literal may as well take another call's result."""
    kind = bare(parameter.type)
    if isinstance(kind, t.Json) or (isinstance(kind, t.ListOf) and parameter.name == "texts"):
        return True
    return isinstance(kind, t.Str) and role_of(parameter) in {Role.CONTENT, Role.QUESTION, Role.URL}


def is_order(parameter: Parameter) -> bool:
    """Whether a parameter takes the columns to sort by, which an earlier call may tell."""
    return parameter.name == "by" and "sort" in stems_of(parameter.doc)


def _takes_artifact(parameter: Parameter) -> bool:
    return parameter.required and not is_literal_type(parameter.type)
