"""The type algebra: what a parameter takes and what a function returns.

Types are frozen values: equal types are equal objects, and each prints as the text that
`parse_type` reads back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass


class Type:
    """Base of all types; `str(t)` is the type's canonical text."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Str(Type):
    """Text."""

    def __str__(self) -> str:
        return "str"


@dataclass(frozen=True, slots=True)
class Int(Type):
    """A whole number."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True, slots=True)
class Float(Type):
    """A finite number; takes whole numbers too."""

    def __str__(self) -> str:
        return "float"


@dataclass(frozen=True, slots=True)
class Bool(Type):
    """True or false."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class Json(Type):
    """Any JSON value; holds no artifacts."""

    def __str__(self) -> str:
        return "Json"


@dataclass(frozen=True, slots=True)
class Secret(Type):
    """A value that no plan, log or key may show."""

    def __str__(self) -> str:
        return "Secret"


@dataclass(frozen=True, slots=True)
class Directory(Type):
    """A folder: files, executable bits and symlinks inside itself."""

    def __str__(self) -> str:
        return "Directory"


@dataclass(frozen=True, slots=True)
class File(Type):
    """A file, refined by a canonical media type (`text/csv`, `audio/*`) or by none (`media` is None)."""

    media: str | None = None

    def __str__(self) -> str:
        return "File" if self.media is None else f"File[{self.media}]"


@dataclass(frozen=True, slots=True)
class Enum(Type):
    """One of some texts, in the order in which they were declared."""

    choices: tuple[str, ...]

    def __str__(self) -> str:
        return " | ".join(json.dumps(choice, ensure_ascii=False) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """Zero or more values of one type."""

    item: Type

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class Optional(Type):
    """A value of one type, or null."""

    inner: Type

    def __str__(self) -> str:
        return f"{self.inner} | None"


@dataclass(frozen=True, slots=True)
class Record(Type):
    """Named fields, each of its own type, in the order in which they were declared."""

    fields: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        return "{" + ", ".join(f"{name}: {kind}" for name, kind in self.fields) + "}"

    def field(self, name: str) -> Type | None:
        """The type of field `name`, or None where there is no such field."""
        return dict(self.fields).get(name)
