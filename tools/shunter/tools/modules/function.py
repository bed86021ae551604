"""A function of a module: its signature, and how a call of it is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

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


class Access(Enum):
    """What a script may do with the workspace: the folder that the scripts of a plan hand on."""

    NONE = "none"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class ScriptEntry:
    """A script in the way of GPTScript's `#!` tools.

    `interpreter` is the first line without `#!`, `text` is what follows. `names` are the arguments' own
    names by parameter. `folder` is mounted for it, where it names that folder. With access to the workspace
    it has the parameter WORKSPACE beside these; with WRITE it returns `{output, workspace}`.
    """

    interpreter: str
    text: str
    names: Mapping[str, str]
    stdin: bool = False
    folder: Path | None = None
    access: Access = Access.NONE
    file_name: str = "stdout"


WORKSPACE: Final = "workspace"
OUTPUT: Final = "output"
"""The parameter that takes a workspace, and the fields of what a script that writes in it returns."""

Entry: TypeAlias = PythonEntry | CommandEntry | ScriptEntry


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a module publishes.

    `nameless` are the parameters whose file names don't matter; `ttl` is in seconds and belongs to
    `CachePolicy.TTL`. `cache_ids` are, by the parameters of some secrets, what stands for them in the key.
    `image` is what it runs in, as its author wrote it: the name of an image, or the
    parameter that takes an archive, in braces.
    """

    signature: Signature
    entry: Entry
    limits: Limits = Limits()
    cache: CachePolicy = CachePolicy.PURE
    ttl: float | None = None
    nameless: frozenset[str] = frozenset()
    cache_ids: Mapping[str, str] = field(default_factory=dict)
    image: str | None = None
