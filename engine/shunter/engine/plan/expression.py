"""What a plan writes where a value is wanted: a literal, a reference, or a list or record of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shunter.engine.digest import JsonValue
from shunter.engine.types import Type, TypeSyntaxError, parse_type


@dataclass(frozen=True, slots=True)
class Literal:
    """Plain data, as it stands."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of an input or a step, or of fields inside it; `narrowed` is checked when it's there."""

    name: str
    fields: tuple[str, ...] = ()
    narrowed: Type | None = None

    def __str__(self) -> str:
        return ".".join((self.name, *self.fields))


@dataclass(frozen=True, slots=True)
class Items:
    """A list with a reference somewhere inside."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """A record with a reference somewhere inside."""

    fields: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = Literal | Reference | Items | Fields


def read_expression(data: JsonValue) -> Expression:
    """The expression that a plan's data stands for; raises ValueError.

    `{from: NAME}` and `{from: NAME.FIELD, as: TYPE}` are references; `{literal: DATA}` is data that would
    otherwise read as one.
    """
    if isinstance(data, Mapping):
        if "from" in data:
            return _read_reference(data)
        if set(data) == {"literal"}:
            return Literal(data["literal"])
        fields = tuple((name, read_expression(item)) for name, item in data.items())
        return Literal(data) if all(isinstance(item, Literal) for _, item in fields) else Fields(fields)
    if isinstance(data, list | tuple):
        items = tuple(read_expression(item) for item in data)
        return Literal(data) if all(isinstance(item, Literal) for item in items) else Items(items)
    return Literal(data)


def _read_reference(data: Mapping[str, JsonValue]) -> Reference:
    source, narrowed = data["from"], data.get("as")
    extra = sorted(set(data) - {"from", "as"})
    if extra:
        raise ValueError(
            f"a reference takes `from` and `as`, not `{extra[0]}` (write {{literal: …}} for plain data)"
        )
    if not isinstance(source, str) or not all(source.split(".")):
        raise ValueError(f"`from` wants a name such as `recording` or `page.title`, got {source!r}")
    if narrowed is not None and not isinstance(narrowed, str):
        raise ValueError(f"`as` wants a type such as `File[text/csv]`, got {narrowed!r}")
    name, *fields = source.split(".")
    try:
        kind = parse_type(narrowed) if narrowed is not None else None
    except TypeSyntaxError as error:
        raise ValueError(str(error)) from error
    return Reference(name, tuple(fields), kind)


def write_expression(expression: Expression) -> JsonValue:
    """The data that `read_expression` turns into `expression`."""
    match expression:
        case Reference(_, _, None):
            return {"from": str(expression)}
        case Reference(_, _, narrowed):
            return {"from": str(expression), "as": str(narrowed)}
        case Items(items):
            return [write_expression(item) for item in items]
        case Fields(fields):
            return {name: write_expression(item) for name, item in fields}
        case Literal(value):
            return value if read_expression(value) == expression else {"literal": value}


def references(expression: Expression) -> Iterator[Reference]:
    """Every reference inside `expression`, in order."""
    match expression:
        case Reference():
            yield expression
        case Items(items):
            for item in items:
                yield from references(item)
        case Fields(fields):
            for _, item in fields:
                yield from references(item)
