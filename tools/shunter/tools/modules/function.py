"""A function of a module: its signature, and how a call of it is started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shunter.engine.actions.model import CachePolicy, Limits
from shunter.engine.types.signature import Signature


@dataclass(frozen=True, slots=True)
class PythonEntry:
    """A Python function: `file` is relative to the module's folder."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command: words with `{parameter}` in them, or one shell text.

    A group of words is dropped as a whole where a parameter in it is null, or where it begins with
    `?flag` and `flag` isn't true. `source` is `stdout` or a path below `out/`; `file_name` is what a
    File read from stdout is called.
    """

    command: str | tuple[str | tuple[str, ...], ...]
    stdin: str | None
    source: str
    file_name: str | None


Entry: TypeAlias = PythonEntry | CommandEntry


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a module publishes.

    `nameless` are the parameters whose file names don't matter; `ttl` is in seconds and belongs to
    `CachePolicy.TTL`.
    """

    signature: Signature
    entry: Entry
    limits: Limits = Limits()
    cache: CachePolicy = CachePolicy.PURE
    ttl: float | None = None
    nameless: frozenset[str] = frozenset()
