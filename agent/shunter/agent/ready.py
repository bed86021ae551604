"""A plan that can run: read, checked, and compared with the modules that it was written against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shunter.engine.errors import InputError, PlanRefused
from shunter.engine.plan.capabilities import beyond, required_by, within
from shunter.engine.plan.checked import CheckedPlan, CheckedStep
from shunter.engine.plan.expression import Reference
from shunter.engine.plan.model import Input, ModulePin, Plan, Requires, Step
from shunter.engine.plan.problem import Code, Problem
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types.signature import Signature
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch
from shunter.instructions.inputs import Wanted
from shunter.tools.catalogue import Catalogue


@dataclass(frozen=True)
class ReadyPlan:
    """`plan` as it was written and as it was checked; `notices` are for people.

    `requires` is what it may do whatever its inputs are.
    """

    plan: Plan
    checked: CheckedPlan
    requires: Requires
    notices: tuple[str, ...] = ()

    @property
    def wanted_inputs(self) -> dict[str, Wanted]:
        """What has to be given, and what may be."""
        return {
            name: Wanted(declared.type, declared.required, declared.default)
            for name, declared in self.checked.inputs.items()
        }

    def wanted(self, values: Mapping[str, Value]) -> Requires:
        """What it may do with these inputs, which may name hosts.

        Raises InputError where one that should name a host names none, PlanRefused where that is more than
        the plan itself says.
        """
        try:
            wanted = required_by(self.checked.steps, values)
        except Mismatch as mismatch:
            raise InputError(f"an input that names a host: {mismatch}") from None
        stated = self.plan.requires
        if stated is not None and (more := beyond(wanted, stated)):
            raise PlanRefused([_beyond(kind, names) for kind, names in more.items()])
        return within(wanted, stated)


def _beyond(kind: str, names: list[str]) -> Problem:
    message = f"with these inputs the plan's functions need {kind} that it doesn't name: {', '.join(names)}"
    return Problem(Code.REQUIRES, f"requires.{kind}", message)


def used_modules(steps: tuple[CheckedStep, ...]) -> list[str]:
    """The modules whose functions the steps call."""
    return sorted({step.signature.name.partition(".")[0] for step in steps})


def modules_within_reach(steps: tuple[CheckedStep, ...], catalogue: Catalogue) -> list[str]:
    """The modules whose functions the steps call, and those that these may call while they run."""
    named = used_modules(steps)
    through = [module.name for name in named for module in catalogue.used(name)]
    return sorted({*named, *through})


def module_pins(checked: CheckedPlan, catalogue: Catalogue, store: ArtifactStore) -> dict[str, ModulePin]:
    """The version and digest of each module that the plan uses, or that one of these does."""
    pins = {}
    for name in modules_within_reach(checked.steps, catalogue):
        module = catalogue.module(name)
        digest = module.source(store).digest
        pins[name] = ModulePin(version=module.manifest.module.version, digest=digest)
    return pins


def changed_modules(plan: Plan, pins: dict[str, ModulePin]) -> Iterator[str]:
    """A sentence for each module that has changed since the plan was written."""
    for name, then in plan.modules.items():
        now = pins.get(name)
        if now is not None and now.digest != then.digest:
            versions = f" ({then.version} then, {now.version} now)" if now.version != then.version else ""
            yield f"the module {name} has changed since this plan was written{versions}"


def call_plan(signature: Signature) -> Plan:
    """The plan that calls one function with an input for each of its parameters."""
    inputs = {
        parameter.name: Input(type=parameter.type, default=parameter.fallback)
        if not parameter.required
        else Input(type=parameter.type)
        for parameter in signature.parameters
    }
    step = Step.model_validate(
        {"id": "call", "call": signature.name, "with": {name: Reference(name) for name in inputs}}
    )
    renamed = {name: item for name, item in inputs.items() if name != step.id}
    if len(renamed) < len(inputs):
        step = step.model_copy(update={"id": "call_"})
    return Plan(
        version=1,
        goal=f"Call {signature.name}",
        inputs=inputs,
        steps=(step,),
        outputs={"result": Reference(step.id)},
    )
