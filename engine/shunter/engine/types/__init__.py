"""The type algebra, its text syntax, and which types go where."""

from shunter.engine.types.fit import fits, holds_secret, is_plain, is_scalar, narrows
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
from shunter.engine.types.syntax import TypeSyntaxError, parse_type

__all__ = [
    "Bool",
    "Directory",
    "Enum",
    "File",
    "Float",
    "Int",
    "Json",
    "ListOf",
    "Optional",
    "Record",
    "Secret",
    "Str",
    "Type",
    "TypeSyntaxError",
    "fits",
    "holds_secret",
    "is_plain",
    "is_scalar",
    "narrows",
    "parse_type",
]
