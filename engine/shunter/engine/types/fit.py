"""Which types go where: assignment, and explicit narrowing."""

from __future__ import annotations

from shunter.engine.types import media
from shunter.engine.types.model import (
    Bool,
    Directory,
    Enum,
    File,
    Float,
    Int,
    Json,
    ListOf,
    Optional,
    Record,
    Secret,
    Str,
    Type,
)


def fits(given: Type, wanted: Type) -> bool:
    """Whether every value of type `given` is a value of type `wanted`."""
    match given, wanted:
        case _ if given == wanted:
            return True
        case Optional(inner), Optional(target):
            return fits(inner, target)
        case _, Optional(target):
            return fits(given, target)
        case Int(), Float():
            return True
        case Enum(), Str():
            return True
        case Enum(choices), Enum(wider):
            return set(choices) <= set(wider)
        case File(kind), File(target_media):
            return media.covers(target_media, kind)
        case ListOf(item), ListOf(target):
            return fits(item, target)
        case Record(), Record(targets):
            return all(_field_fits(given, name, target) for name, target in targets)
        case _, Json():
            return is_plain(given)
    return False


def _field_fits(given: Record, name: str, target: Type) -> bool:
    field = given.field(name)
    return fits(field, target) if field is not None else isinstance(target, Optional)


def is_plain(kind: Type) -> bool:
    """Whether values of the type are JSON data: no artifacts and no secrets."""
    match kind:
        case File() | Directory() | Secret():
            return False
        case ListOf(item) | Optional(item):
            return is_plain(item)
        case Record(fields):
            return all(is_plain(field) for _, field in fields)
    return True


def holds_secret(kind: Type) -> bool:
    """Whether values of the type are or hold secrets."""
    match kind:
        case Secret():
            return True
        case ListOf(item) | Optional(item):
            return holds_secret(item)
        case Record(fields):
            return any(holds_secret(field) for _, field in fields)
    return False


def narrows(given: Type, wanted: Type) -> bool:
    """Whether some values of `given` may be values of `wanted`, so that a look at the value decides."""
    if fits(given, wanted):
        return True
    match given, wanted:
        case File(kind), File(target):
            return kind is None or media.covers(kind, target)
        case Optional(inner), Optional(target):
            return narrows(inner, target)
        case Optional(inner), _:
            return narrows(inner, wanted)
        case _, Optional(target):
            return narrows(given, target)
        case Str(), Enum():
            return True
        case Enum(choices), Enum(others):
            return not set(choices).isdisjoint(others)
        case Float(), Int():
            return True
        case Json(), _:
            return is_plain(wanted)
        case ListOf(item), ListOf(target):
            return narrows(item, target)
        case Record(), Record(targets):
            return all(_field_narrows(given, name, target) for name, target in targets)
    return False


def _field_narrows(given: Record, name: str, target: Type) -> bool:
    field = given.field(name)
    return narrows(field, target) if field is not None else isinstance(target, Optional)


def is_scalar(kind: Type) -> bool:
    """Whether a person can write a value of the type as one word on a command line."""
    match kind:
        case Str() | Int() | Float() | Bool() | Enum():
            return True
        case Optional(inner):
            return is_scalar(inner)
    return False
