"""What a plan writes where a value is wanted, held against the type that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shunter.engine.plan.expression import Expression, Fields, Items, Literal, Reference
from shunter.engine.plan.findings import Findings
from shunter.engine.plan.problem import Code, Location
from shunter.engine.plan.scope import Scope, field_names, field_type, similar
from shunter.engine.types import Directory, File, Json, ListOf, Optional, Record, Secret, Type, fits, narrows
from shunter.engine.values import Secret as SecretValue
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_type, literal_value
from shunter.engine.values.source import Scheme, scheme_of

_NO_COMMAND: Final = "a plan can't run a command of yours: whoever runs it gives the secret, with --input"

_NO_VALUE: Final = "a plan says where a secret is kept, and never its value"


class ValueChecker:
    """Tells the types of expressions, and reports where they don't fit.

    `step` is the step that the value is for, which can't be a candidate itself; None for inputs and outputs.
    """

    def __init__(self, scope: Scope, findings: Findings) -> None:
        self._scope = scope
        self._findings = findings

    def expect(self, value: Expression, wanted: Type, at: Location, step: str | None) -> None:
        """Report whatever keeps `value` from being of type `wanted`."""
        bare = wanted.inner if isinstance(wanted, Optional) else wanted
        match value:
            case Literal(list() | tuple() as data) if isinstance(bare, ListOf):
                for index, item in enumerate(data):
                    self.expect(Literal(item), bare.item, (*at, index), step)
            case Literal(Mapping() as data) if isinstance(bare, Record):
                self._expect_record({name: Literal(item) for name, item in data.items()}, bare, at, step)
            case Literal(data):
                self._expect_literal(data, wanted, at, step)
            case Items(items) if isinstance(bare, ListOf):
                for index, item in enumerate(items):
                    self.expect(item, bare.item, (*at, index), step)
            case Fields(fields) if isinstance(bare, Record):
                self._expect_record(dict(fields), bare, at, step)
            case _:
                given = self.infer(value, at, step)
                if given is not None and not fits(given, wanted):
                    self._mismatch(wanted, given, at, step)

    def _expect_literal(self, data: object, wanted: Type, at: Location, step: str | None) -> None:
        inner = wanted.inner if isinstance(wanted, Optional) else wanted
        try:
            value = conform(literal_value(data), wanted)
            if isinstance(value, SecretValue) and scheme_of(value) is Scheme.CMD:
                self._findings.report(Code.SECRET, at, _NO_COMMAND)
        except Mismatch as mismatch:
            by_reference = isinstance(inner, File | Directory | Secret | ListOf | Record | Json)
            fitting = self._scope.compatible(wanted, step=step) if by_reference else ()
            self._findings.report(
                Code.TYPE,
                at,
                _NO_VALUE if isinstance(inner, Secret) else "the value doesn't fit",
                expected=mismatch.expected,
                got=mismatch.got,
                candidates=mismatch.candidates or fitting,
            )

    def _expect_record(
        self, fields: Mapping[str, Expression], wanted: Record, at: Location, step: str | None
    ) -> None:
        for name, kind in wanted.fields:
            if name in fields:
                self.expect(fields[name], kind, (*at, name), step)
            elif not isinstance(kind, Optional):
                self._findings.report(
                    Code.TYPE, at, f"the record lacks {name}", expected=str(wanted), got="a record without it"
                )
        for name in fields:
            if wanted.field(name) is None:
                close = similar(name, dict(wanted.fields))
                message = f"{wanted} has no field {name!r}"
                self._findings.report(Code.UNKNOWN_FIELD, (*at, name), message, candidates=close)

    def infer(self, value: Expression, at: Location, step: str | None) -> Type | None:
        """The type of `value`, or None where a problem was reported that keeps it from being told."""
        match value:
            case Reference():
                return self._reference(value, at, step)
            case Items(items):
                kinds = [self.infer(item, (*at, index), step) for index, item in enumerate(items)]
                return self._common(kinds, at)
            case Fields(fields):
                named = [(name, self.infer(item, (*at, name), step)) for name, item in fields]
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
            self._findings.report(
                Code.TYPE, at, "the list's items differ in type", expected="one type", got=got
            )
        return ListOf(widest) if widest is not None else None

    def _reference(self, reference: Reference, at: Location, step: str | None) -> Type | None:
        if reference.name not in self._scope.types:
            known = [name for name in self._scope.types if name != step]
            message = f"there is no input or step {reference.name!r}"
            candidates = similar(reference.name, known) or tuple(known[:5])
            self._findings.report(Code.UNKNOWN_REFERENCE, at, message, candidates=candidates)
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
        self._findings.report(Code.UNKNOWN_FIELD, at, message, candidates=similar(name, names) or names)

    def _narrowed(self, kind: Type, wanted: Type | None, at: Location) -> Type | None:
        if wanted is None:
            return kind
        if not narrows(kind, wanted):
            message = f"no {kind} can be {wanted}"
            self._findings.report(
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
        elif _is_item_of(given, wanted):
            message += " (in square brackets it is a list of one: `[{from: …}]`)"
        elif at[-2] == "with" and _is_item_of(wanted, given):
            message += " (under `each` the function is called once for every element)"
        candidates = self._scope.compatible(wanted, step=step)
        self._findings.report(
            Code.TYPE, at, message, expected=str(wanted), got=str(given), candidates=candidates
        )


def _is_item_of(kind: Type, several: Type) -> bool:
    bare = several.inner if isinstance(several, Optional) else several
    return isinstance(bare, ListOf) and fits(kind, bare.item)
