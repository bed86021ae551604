"""Plans that may work where one failed: more of what ran out, a conversion in between, another function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from shunter.agent.planners.embedded.lexicon import Lexicon, bare, stems_of
from shunter.agent.planners.protocol import StepFailure
from shunter.engine import types as t
from shunter.engine.actions.failure import FailureKind
from shunter.engine.actions.model import Limits
from shunter.engine.plan.expression import Expression, Literal, Reference
from shunter.engine.plan.model import Plan, Step, StepLimits
from shunter.engine.types.signature import Parameter, Signature, Signatures

MORE = 4
"""How many times as much of what ran out."""
_FIRST_MEMORY = 4 << 30
_CEILINGS = ("max_", "limit", "most")


class Repairs:
    """Changes to one failed step, the smallest first: whole plans, each with what changed."""

    def __init__(self, plan: Plan, failure: StepFailure, functions: Signatures, lexicon: Lexicon) -> None:
        self._plan = plan
        self._failure = failure
        self._functions = functions
        self._lexicon = lexicon
        self._step = next(step for step in plan.steps if step.id == failure.step)
        self._signature = functions[self._step.call]

    def plans(self) -> Iterator[tuple[Plan, str]]:
        """What can be tried, the likeliest first."""
        match self._failure.kind:
            case FailureKind.TIMEOUT | FailureKind.MEMORY | FailureKind.DISK:
                yield from self._with_more()
            case FailureKind.SECRET:
                return
            case FailureKind.ENVIRONMENT | FailureKind.EXECUTOR:
                yield from self._with_other_functions()
                return
            case _:
                yield from self._with_a_higher_ceiling()
        yield from self._with_conversions()
        yield from self._with_other_functions()

    def _with_more(self) -> Iterator[tuple[Plan, str]]:
        limits = self._step.limits or StepLimits()
        match self._failure.kind:
            case FailureKind.TIMEOUT:
                seconds = (limits.timeout or Limits().seconds) * MORE
                more, change = {"timeout": seconds}, f"{seconds:g} seconds"
            case FailureKind.DISK:
                disk = (limits.disk or Limits().disk) * MORE
                more, change = {"disk": disk}, f"{disk >> 20} MiB of disk"
            case _:
                memory = (limits.memory or _FIRST_MEMORY // MORE) * MORE
                more, change = {"memory": memory}, f"{memory >> 20} MiB of memory"
        yield self._changed(limits=limits.model_copy(update=more)), f"{self._step.id} gets {change}"

    def _with_a_higher_ceiling(self) -> Iterator[tuple[Plan, str]]:
        for parameter in self._signature.parameters:
            kind, given = bare(parameter.type), self._step.with_.get(parameter.name)
            now = given.value if isinstance(given, Literal) else parameter.fallback
            if isinstance(kind, t.Int) and isinstance(now, int) and parameter.name.startswith(_CEILINGS):
                with_ = {**self._step.with_, parameter.name: Literal(now * MORE)}
                yield self._changed(with_=with_), f"{self._step.id} gets {parameter.name} {now * MORE}"

    def _with_conversions(self) -> Iterator[tuple[Plan, str]]:
        """The step's artifact converted first: into a format of its kind that has fewer surprises."""
        for parameter in self._signature.parameters:
            source = self._step.with_.get(parameter.name) or self._step.each.get(parameter.name)
            if isinstance(bare(parameter.type), t.File) and isinstance(source, Reference):
                for signature, port in self._converters(parameter):
                    yield self._converted(parameter, source, signature, port)

    def _converters(self, wanted: Parameter) -> Iterator[tuple[Signature, Parameter]]:
        for signature in self._functions.values():
            ports = [parameter for parameter in signature.parameters if parameter.required]
            acts = signature.hosts or signature.secrets or signature.effects
            if (
                acts
                or len(ports) != 1
                or signature.name == self._step.call
                or "convert" not in self._words(signature)
            ):
                continue
            if ports[0].type == bare(wanted.type) and t.fits(signature.returns, bare(wanted.type)):
                yield signature, ports[0]

    def _converted(
        self, parameter: Parameter, source: Reference, signature: Signature, port: Parameter
    ) -> tuple[Plan, str]:
        taken = {step.id for step in self._plan.steps} | set(self._plan.inputs)
        name = _free(f"{source.name}_{signature.name.partition('.')[2]}", taken)
        mapped = parameter.name in self._step.each
        part = "each" if mapped else "with"
        first = Step.model_validate({"id": name, "call": signature.name, part: {port.name: source}})
        mine = self._step.each if mapped else self._step.with_
        changed = {**mine, parameter.name: Reference(name)}
        step = self._step.model_copy(update={"each" if mapped else "with_": changed})
        change = f"{source.name} goes through {signature.name} before {self._step.id}"
        return self._replaced(first, step), change

    def _with_other_functions(self) -> Iterator[tuple[Plan, str]]:
        """Another function that does the same by its name or verb, and takes and gives the same."""
        mine = self._deeds(self._signature)
        others = [(len(mine & self._deeds(other)), other) for other in self._functions.values()]
        for shared, other in sorted(others, key=lambda item: -item[0]):
            if shared and other.name != self._step.call and (ports := self._ports(other)) is not None:
                yield self._calling(other, ports), f"{other.name} instead of {self._step.call}"

    def _ports(self, other: Signature) -> Mapping[str, str] | None:
        """By the parameters of the failed call those of `other`; None where `other` can't take its place.

        It can't where it doesn't take all that was given: whatever was asked for with that would be left out.
        """
        if not t.fits(other.returns, self._signature.returns):
            return None
        if set(other.hosts) - set(self._signature.hosts) or other.effects:
            return None
        ports: dict[str, str] = {}
        for parameter in other.parameters:
            if parameter.name in other.secrets and not parameter.required:
                continue  # it was approved for the function that failed, not for this one
            match = self._signature.parameter(parameter.name)
            if match is None or not t.fits(match.type, parameter.type):
                match = next(
                    (
                        mine
                        for mine in self._signature.parameters
                        if mine.required and mine.type == parameter.type
                    ),
                    None,
                )
            given = match is not None and (match.name in self._step.with_ or match.name in self._step.each)
            if given and match is not None and match.name not in ports:
                ports[match.name] = parameter.name
            elif parameter.required:
                return None
        return ports if ports.keys() >= self._step.with_.keys() | self._step.each.keys() else None

    def _calling(self, other: Signature, ports: Mapping[str, str]) -> Plan:
        update: dict[str, object] = {"call": other.name}
        for part in ("with_", "each"):
            given: Mapping[str, Expression] = getattr(self._step, part)
            update[part] = {ports[name]: value for name, value in given.items() if name in ports}
        return self._replaced(self._step.model_copy(update=update))

    def _deeds(self, signature: Signature) -> frozenset[str]:
        profile = self._lexicon.profiles[signature.name]
        return profile.name | profile.verbs

    def _words(self, signature: Signature) -> frozenset[str]:
        own = self._lexicon.profiles[signature.name]
        return own.name | frozenset(stems_of(signature.summary))

    def _changed(self, **update: object) -> Plan:
        return self._replaced(self._step.model_copy(update=update))

    def _replaced(self, *steps: Step) -> Plan:
        """The plan with these steps where the failed one is."""
        changed: list[Step] = []
        for step in self._plan.steps:
            changed.extend(steps if step.id == self._step.id else (step,))
        return self._plan.model_copy(update={"steps": tuple(changed), "modules": {}, "requires": None})


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 2, name[:60]
    while found in taken:
        found, number = f"{name[:60]}{number}", number + 1
    return found
