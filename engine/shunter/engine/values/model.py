"""Runtime values: plain JSON data, artifacts by digest, and secrets by where they are kept.

A `Value` is None, a bool, an int, a float, a str, an artifact, a secret, or a tuple or mapping of values.
It is plain data: it holds no open file, and of a secret no more than the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shunter.engine.digest import Digest


@dataclass(frozen=True, slots=True)
class File:
    """A file by content.

    `name` is a single path component and may hold surrogates for bytes that aren't UTF-8; `size` is
    in bytes and follows from the digest.
    """

    name: str
    digest: Digest
    size: int
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """A folder by content: the digest of its tree (see `shunter.engine.store.tree`)."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret by its source, such as `env:TOKEN` (see `engine.values.source`); never by its value."""

    source: str


Artifact: TypeAlias = File | Directory
Value: TypeAlias = (
    "None | bool | int | float | str | Artifact | Secret | tuple[Value, ...] | Mapping[str, Value]"
)


def artifacts(value: Value) -> Iterator[Artifact]:
    """Every artifact inside `value`, in order, repeated as often as it occurs."""
    if isinstance(value, File | Directory):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from artifacts(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from artifacts(item)


def secrets(value: Value) -> Iterator[Secret]:
    """Every secret inside `value`, in order, repeated as often as it occurs."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from secrets(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets(item)
