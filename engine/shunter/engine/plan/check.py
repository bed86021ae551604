"""The checker: every problem of a plan at once, or the plan in a form that can run."""

from __future__ import annotations

from collections.abc import Iterable

from shunter.engine.egress.declared import hosts_in, known_value, naming_parameters
from shunter.engine.errors import PlanRefused
from shunter.engine.plan.capabilities import beyond, required_by
from shunter.engine.plan.checked import CheckedInput, CheckedPlan, CheckedStep
from shunter.engine.plan.expression import Expression, Literal
from shunter.engine.plan.findings import Findings
from shunter.engine.plan.model import Plan, Step
from shunter.engine.plan.order import running_order
from shunter.engine.plan.problem import Code, Lines, Location, Problem
from shunter.engine.plan.scope import Scope, consumers_of, cycles, similar
from shunter.engine.plan.values import ValueChecker
from shunter.engine.types import ListOf, Optional, Type, holds_secret
from shunter.engine.types.signature import Signature, Signatures
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_value


def check_plan(plan: Plan, signatures: Signatures, lines: Lines | None = None) -> CheckedPlan:
    """`plan` checked against the functions that it may call; raises PlanRefused with all problems."""
    checker = _Checker(plan, signatures, lines or Lines())
    checked = checker.run()
    if checker.problems:
        raise PlanRefused(sorted(checker.problems, key=lambda problem: problem.line or 0))
    return checked


class _Checker:
    def __init__(self, plan: Plan, signatures: Signatures, lines: Lines) -> None:
        self._plan = plan
        self._signatures = signatures
        self._found: dict[str, Signature | None] = {}
        self._scope = Scope(consumers=consumers_of(plan.steps))
        self._findings = Findings(plan, lines)
        self._values = ValueChecker(self._scope, self._findings)

    @property
    def problems(self) -> list[Problem]:
        return self._findings.problems

    def run(self) -> CheckedPlan:
        self._names()
        inputs = {name: self._input(name) for name in self._plan.inputs}
        steps = [step for index, item in enumerate(self._plan.steps) if (step := self._step(index, item))]
        for ring in cycles(self._plan):
            self._findings.report(
                Code.CYCLE, self._step_at(ring[0]), f"the steps wait for each other: {' → '.join(ring)}"
            )
        outputs: dict[str, Type] = {}
        for name, expression in self._plan.outputs.items():
            kind = self._values.infer(expression, ("outputs", name), None)
            if kind is not None and holds_secret(kind):
                self._findings.report(Code.SECRET, ("outputs", name), "a secret can't be an output")
            elif kind is not None:
                outputs[name] = kind
        self._requires(steps)
        ordered = () if self.problems else running_order(steps)
        return CheckedPlan(inputs, ordered, self._plan.outputs, outputs)

    def _names(self) -> None:
        """Give every input and step its type first, so that references may point forwards."""
        for name, declared in self._plan.inputs.items():
            self._scope.types[name] = declared.type
        for index, step in enumerate(self._plan.steps):
            if step.id in self._scope.types:
                what = "an input" if step.id in self._plan.inputs else "another step"
                self._findings.report(
                    Code.DUPLICATE_NAME, ("steps", index, "id"), f"{step.id!r} is the name of {what} already"
                )
            signature = self._signature(step.call)
            returns = signature.returns if signature else None
            self._scope.types[step.id] = ListOf(returns) if returns and step.each else returns

    def _signature(self, call: str) -> Signature | None:
        """The function that is called, asked for once, however many steps call it."""
        if call not in self._found:
            self._found[call] = self._signatures.get(call)
        return self._found[call]

    def _input(self, name: str) -> CheckedInput:
        declared = self._plan.inputs[name]
        if "default" not in declared.model_fields_set:
            return CheckedInput(name, declared.type, required=not isinstance(declared.type, Optional))
        self._values.expect(Literal(declared.default), declared.type, ("inputs", name, "default"), None)
        try:
            default = conform(literal_value(declared.default), declared.type)
        except Mismatch:  # which `_expect` has reported, so that the input is never asked for
            default = None
        return CheckedInput(name, declared.type, required=False, default=default)

    def _step(self, index: int, step: Step) -> CheckedStep | None:
        at: Location = ("steps", index)
        signature = self._signature(step.call)
        if signature is None:
            self._unknown_function(step, at)
            self._names_only(step, at)
            return None
        for part, written in (("with", step.with_), ("each", step.each)):
            for name, expression in written.items():
                self._argument(step, signature, name, expression, (*at, part, name))
                self._host(signature, name, expression, (*at, part, name))
        for name in step.each:
            if name in step.with_:
                self._findings.report(Code.EACH, (*at, "each", name), f"{name} is given under `with` as well")
        for parameter in signature.parameters:
            if parameter.required and parameter.name not in step.with_ and parameter.name not in step.each:
                self._missing(step, parameter.name, parameter.type, at)
        kind = ListOf(signature.returns) if step.each else signature.returns
        return CheckedStep(step.id, signature, step.with_, step.each, kind, step.limits)

    def _argument(self, step: Step, signature: Signature, name: str, value: Expression, at: Location) -> None:
        parameter = signature.parameter(name)
        if parameter is None:
            names = [known.name for known in signature.parameters]
            self._findings.report(
                Code.UNKNOWN_PARAMETER,
                at,
                f"{signature.name} has no parameter {name!r}",
                candidates=similar(name, names) or tuple(names),
            )
            self._values.infer(value, at, step.id)
        elif at[-2] == "each":
            self._values.expect(value, ListOf(parameter.type), at, step.id)
        else:
            self._values.expect(value, parameter.type, at, step.id)

    def _host(self, signature: Signature, name: str, value: Expression, at: Location) -> None:
        """A host that is written in the plan has to be one."""
        if name not in naming_parameters(signature):
            return
        try:
            hosts_in(known_value(value, {}), "")
        except Mismatch as mismatch:
            message = f"{signature.name} reaches the host that {name} names"
            self._findings.report(Code.HOST, at, message, expected=mismatch.expected, got=mismatch.got)

    def _unknown_function(self, step: Step, at: Location) -> None:
        module, _, function = step.call.partition(".")
        known = list(self._signatures)
        same_name = [name for name in known if function and name.endswith("." + function)]
        same_module = similar(step.call, [name for name in known if name.startswith(module + ".")])
        candidates = tuple(dict.fromkeys([*same_name, *same_module, *similar(step.call, known)]))[:4]
        message = f"there is no function {step.call!r}"
        self._findings.report(Code.UNKNOWN_FUNCTION, (*at, "call"), message, candidates=candidates)

    def _names_only(self, step: Step, at: Location) -> None:
        for part, written in (("with", step.with_), ("each", step.each)):
            for name, expression in written.items():
                self._values.infer(expression, (*at, part, name), step.id)

    def _missing(self, step: Step, name: str, kind: Type, at: Location) -> None:
        self._findings.report(
            Code.MISSING_ARGUMENT,
            at,
            f"{step.call} needs {name}",
            expected=str(kind),
            got="nothing",
            candidates=self._scope.compatible(kind, step=step.id),
        )

    def _requires(self, steps: Iterable[CheckedStep]) -> None:
        """A plan that says what it may do can't do more."""
        declared = self._plan.requires
        if declared is None:
            return
        try:
            needed = required_by(steps)
        except Mismatch:  # which `_host` has reported
            return
        for kind, more in beyond(needed, declared).items():
            message = f"the plan's functions need {kind} that it doesn't name: {', '.join(more)}"
            self._findings.report(Code.REQUIRES, ("requires", kind), message)

    def _step_at(self, name: str) -> Location:
        index = next(index for index, step in enumerate(self._plan.steps) if step.id == name)
        return ("steps", index)
