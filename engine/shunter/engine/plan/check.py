"""The checker: every problem of a plan at once, or the plan in a form that can run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shunter.engine.errors import PlanRefused
from shunter.engine.plan.checked import CheckedInput, CheckedPlan, CheckedStep
from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.plan.model import Plan, Requires, Step
from shunter.engine.plan.order import running_order
from shunter.engine.plan.problem import Code, Lines, Location, Problem
from shunter.engine.plan.scope import Scope, consumers_of, cycles, field_names, field_type, similar
from shunter.engine.types import Directory, File, Json, ListOf, Optional, Record, Secret, Type, fits, narrows
from shunter.engine.types.signature import Signature, Signatures
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_type, literal_value


def check_plan(plan: Plan, signatures: Signatures, lines: Lines | None = None) -> CheckedPlan:
    """`plan` checked against the functions that it may call; raises PlanRefused with all problems."""
    checker = _Checker(plan, signatures, lines or Lines())
    checked = checker.run()
    if checker.problems:
        raise PlanRefused(sorted(checker.problems, key=lambda problem: problem.line or 0))
    return checked


def required_by(steps: Iterable[CheckedStep]) -> Requires:
    """What the steps' functions may do beyond computing."""
    used = [step.signature for step in steps]
    return Requires(
        hosts=tuple(sorted({host for signature in used for host in signature.hosts})),
        secrets=tuple(sorted({secret for signature in used for secret in signature.secrets})),
        effects=tuple(sorted({effect for signature in used for effect in signature.effects})),
    )


class _Checker:
    def __init__(self, plan: Plan, signatures: Signatures, lines: Lines) -> None:
        self.problems: list[Problem] = []
        self._plan = plan
        self._signatures = signatures
        self._lines = lines
        self._scope = Scope(consumers=consumers_of(plan.steps))

    def run(self) -> CheckedPlan:
        self._names()
        inputs = {name: self._input(name) for name in self._plan.inputs}
        steps = [step for index, item in enumerate(self._plan.steps) if (step := self._step(index, item))]
        for ring in cycles(self._plan):
            self._report(
                Code.CYCLE, self._step_at(ring[0]), f"the steps wait for each other: {' → '.join(ring)}"
            )
        outputs: dict[str, Type] = {}
        for name, expression in self._plan.outputs.items():
            kind = self._infer(expression, ("outputs", name), None)
            if kind is not None:
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
                self._report(
                    Code.DUPLICATE_NAME, ("steps", index, "id"), f"{step.id!r} is the name of {what} already"
                )
            signature = self._signatures.get(step.call)
            returns = signature.returns if signature else None
            self._scope.types[step.id] = ListOf(returns) if returns and step.each else returns

    def _input(self, name: str) -> CheckedInput:
        declared = self._plan.inputs[name]
        if "default" not in declared.model_fields_set:
            return CheckedInput(name, declared.type, required=not isinstance(declared.type, Optional))
        self._expect(Literal(declared.default), declared.type, ("inputs", name, "default"), None)
        try:
            default = conform(literal_value(declared.default), declared.type)
        except Mismatch:  # which `_expect` has reported, so that the input is never asked for
            default = None
        return CheckedInput(name, declared.type, required=False, default=default)

    def _step(self, index: int, step: Step) -> CheckedStep | None:
        at: Location = ("steps", index)
        signature = self._signatures.get(step.call)
        if signature is None:
            self._unknown_function(step, at)
            self._names_only(step, at)
            return None
        for part, written in (("with", step.with_), ("each", step.each)):
            for name, expression in written.items():
                self._argument(step, signature, name, expression, (*at, part, name))
        for name in step.each:
            if name in step.with_:
                self._report(Code.EACH, (*at, "each", name), f"{name} is given under `with` as well")
        for parameter in signature.parameters:
            if parameter.required and parameter.name not in step.with_ and parameter.name not in step.each:
                self._missing(step, parameter.name, parameter.type, at)
        kind = ListOf(signature.returns) if step.each else signature.returns
        return CheckedStep(step.id, signature, step.with_, step.each, kind, step.limits)

    def _argument(self, step: Step, signature: Signature, name: str, value: Expression, at: Location) -> None:
        parameter = signature.parameter(name)
        if parameter is None:
            names = [known.name for known in signature.parameters]
            self._report(
                Code.UNKNOWN_PARAMETER,
                at,
                f"{signature.name} has no parameter {name!r}",
                candidates=similar(name, names) or tuple(names),
            )
            self._infer(value, at, step.id)
        elif at[-2] == "each":
            self._expect(value, ListOf(parameter.type), at, step.id)
        else:
            self._expect(value, parameter.type, at, step.id)

    def _unknown_function(self, step: Step, at: Location) -> None:
        module, _, function = step.call.partition(".")
        known = list(self._signatures)
        same_name = [name for name in known if function and name.endswith("." + function)]
        same_module = similar(step.call, [name for name in known if name.startswith(module + ".")])
        candidates = tuple(dict.fromkeys([*same_name, *same_module, *similar(step.call, known)]))[:4]
        message = f"there is no function {step.call!r}"
        self._report(Code.UNKNOWN_FUNCTION, (*at, "call"), message, candidates=candidates)

    def _names_only(self, step: Step, at: Location) -> None:
        for part, written in (("with", step.with_), ("each", step.each)):
            for name, expression in written.items():
                self._infer(expression, (*at, part, name), step.id)

    def _missing(self, step: Step, name: str, kind: Type, at: Location) -> None:
        self._report(
            Code.MISSING_ARGUMENT,
            at,
            f"{step.call} needs {name}",
            expected=str(kind),
            got="nothing",
            candidates=self._scope.compatible(kind, step=step.id),
        )

    def _expect(self, value: Expression, wanted: Type, at: Location, step: str | None) -> None:
        """Report whatever keeps `value` from being of type `wanted`."""
        bare = wanted.inner if isinstance(wanted, Optional) else wanted
        match value:
            case Literal(list() | tuple() as data) if isinstance(bare, ListOf):
                for index, item in enumerate(data):
                    self._expect(Literal(item), bare.item, (*at, index), step)
            case Literal(Mapping() as data) if isinstance(bare, Record):
                self._expect_record({name: Literal(item) for name, item in data.items()}, bare, at, step)
            case Literal(data):
                self._expect_literal(data, wanted, at, step)
            case Items(items) if isinstance(bare, ListOf):
                for index, item in enumerate(items):
                    self._expect(item, bare.item, (*at, index), step)
            case Fields(fields) if isinstance(bare, Record):
                self._expect_record(dict(fields), bare, at, step)
            case _:
                given = self._infer(value, at, step)
                if given is not None and not fits(given, wanted):
                    self._mismatch(wanted, given, at, step)

    def _expect_literal(self, data: object, wanted: Type, at: Location, step: str | None) -> None:
        try:
            conform(literal_value(data), wanted)
        except Mismatch as mismatch:
            inner = wanted.inner if isinstance(wanted, Optional) else wanted
            by_reference = isinstance(inner, File | Directory | Secret | ListOf | Record | Json)
            fitting = self._scope.compatible(wanted, step=step) if by_reference else ()
            self._report(
                Code.TYPE,
                at,
                "the value doesn't fit",
                expected=mismatch.expected,
                got=mismatch.got,
                candidates=mismatch.candidates or fitting,
            )

    def _expect_record(
        self, fields: Mapping[str, Expression], wanted: Record, at: Location, step: str | None
    ) -> None:
        for name, kind in wanted.fields:
            if name in fields:
                self._expect(fields[name], kind, (*at, name), step)
            elif not isinstance(kind, Optional):
                self._report(
                    Code.TYPE, at, f"the record lacks {name}", expected=str(wanted), got="a record without it"
                )
        for name in fields:
            if wanted.field(name) is None:
                close = similar(name, dict(wanted.fields))
                message = f"{wanted} has no field {name!r}"
                self._report(Code.UNKNOWN_FIELD, (*at, name), message, candidates=close)

    def _infer(self, value: Expression, at: Location, step: str | None) -> Type | None:
        """The type of `value`, or None where a problem was reported that keeps it from being told."""
        match value:
            case Reference():
                return self._reference(value, at, step)
            case Items(items):
                kinds = [self._infer(item, (*at, index), step) for index, item in enumerate(items)]
                return self._common(kinds, at)
            case Fields(fields):
                named = [(name, self._infer(item, (*at, name), step)) for name, item in fields]
                known = tuple((name, kind) for name, kind in named if kind is not None)
                return Record(known) if len(known) == len(named) else None
            case Literal(data):
                return literal_type(data)

    def _common(self, kinds: list[Type | None], at: Location) -> Type | None:
        known = [kind for kind in kinds if kind is not None]
        if len(known) < len(kinds):
            return None
        widest = next((kind for kind in [*known, Json()] if all(fits(other, kind) for other in known)), None)
        if widest is None:
            got = ", ".join(dict.fromkeys(map(str, known)))
            self._report(Code.TYPE, at, "the list's items differ in type", expected="one type", got=got)
        return ListOf(widest) if widest is not None else None

    def _reference(self, reference: Reference, at: Location, step: str | None) -> Type | None:
        if reference.name not in self._scope.types:
            known = [name for name in self._scope.types if name != step]
            message = f"there is no input or step {reference.name!r}"
            candidates = similar(reference.name, known) or tuple(known[:5])
            self._report(Code.UNKNOWN_REFERENCE, at, message, candidates=candidates)
            return None
        kind = self._scope.types[reference.name]
        for name in reference.fields:
            if kind is None:
                return None
            inner = field_type(kind, name)
            if inner is None:
                self._no_field(reference, kind, name, at)
                return None
            kind = inner
        return self._narrowed(kind, reference.narrowed, at) if kind is not None else None

    def _no_field(self, reference: Reference, kind: Type, name: str, at: Location) -> None:
        names = field_names(kind)
        message = f"{reference.name} is {kind} and has no field {name!r}"
        self._report(Code.UNKNOWN_FIELD, at, message, candidates=similar(name, names) or names)

    def _narrowed(self, kind: Type, wanted: Type | None, at: Location) -> Type | None:
        if wanted is None:
            return kind
        if not narrows(kind, wanted):
            message = f"no {kind} can be {wanted}"
            self._report(
                Code.NARROWING, at, message, expected=f"a type narrower than {kind}", got=str(wanted)
            )
            return None
        return wanted

    def _mismatch(self, wanted: Type, given: Type, at: Location, step: str | None) -> None:
        message = "the value's type doesn't fit"
        if narrows(given, wanted):
            message += f" (`as: {wanted}` makes it a check of the content)"
        elif at[-2] == "each" and not isinstance(given, ListOf):
            message = "`each` wants a list, one element for each call"
        candidates = self._scope.compatible(wanted, step=step)
        self._report(Code.TYPE, at, message, expected=str(wanted), got=str(given), candidates=candidates)

    def _requires(self, steps: Iterable[CheckedStep]) -> None:
        """A plan that says what it may do can't do more."""
        declared = self._plan.requires
        if declared is None:
            return
        needed = required_by(steps)
        for kind in ("hosts", "secrets", "effects"):
            more = sorted(set(getattr(needed, kind)) - set(getattr(declared, kind)))
            if more:
                message = f"the plan's functions need {kind} that it doesn't name: {', '.join(more)}"
                self._report(Code.REQUIRES, ("requires", kind), message)

    def _step_at(self, name: str) -> Location:
        index = next(index for index, step in enumerate(self._plan.steps) if step.id == name)
        return ("steps", index)

    def _report(
        self,
        code: Code,
        at: Location,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        candidates: tuple[str, ...] = (),
    ) -> None:
        where = self._place(at)
        self.problems.append(Problem(code, where, message, self._lines.of(at), expected, got, candidates))

    def _place(self, at: Location) -> str:
        match at:
            case ("steps", int(index), *rest):
                return ".".join(["steps", self._plan.steps[index].id, *map(str, rest)])
        return ".".join(map(str, at))
