"""Where secrets are kept, as people write it: `env:NAME`, `file:PATH`, `cmd:COMMAND`."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from shunter.engine.values.model import Secret

EXPECTED: Final = "env:NAME, file:PATH or cmd:COMMAND"

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST: Final = 4096
_CUT: Final = " …"


class Scheme(Enum):
    """What a source names: a variable of the environment, a file, or a command whose output it is."""

    ENV = "env"
    FILE = "file"
    CMD = "cmd"


def parse_source(text: str) -> Secret:
    """The secret that is kept where `text` says.

    Raises ValueError, which doesn't repeat the text: it may be the value itself.
    """
    scheme, colon, place = text.partition(":")
    if not colon or scheme not in {known.value for known in Scheme}:
        raise ValueError(f"text of {len(text)} characters that names no source")
    if not place.strip() or len(text) > _LONGEST or not place.isprintable():
        raise ValueError(f"{scheme}: without a place, or with one that can't be read")
    if scheme == Scheme.ENV.value and not _VARIABLE.fullmatch(place):
        raise ValueError("env: with something that can't be a variable's name")
    return Secret(text)


def is_source(text: str) -> bool:
    """Whether an untyped text can only be meant as a source: `file://…` is a URL, and `cmd: x` are words."""
    scheme, _, place = text.partition(":")
    if place[:1].isspace() or (scheme == Scheme.FILE.value and place.startswith("//")):
        return False
    try:
        parse_source(text)
    except ValueError:
        return False
    return True


def scheme_of(secret: Secret) -> Scheme:
    """What kind of source it is."""
    return Scheme(secret.source.partition(":")[0])


def place_of(secret: Secret) -> str:
    """The variable, the path or the command."""
    return secret.source.partition(":")[2]


def shown(secret: Secret) -> str:
    """The source as it may be kept: of a command the first word, as a value can stand in the others."""
    if scheme_of(secret) is not Scheme.CMD:
        return secret.source
    first, _, rest = secret.source.partition(" ")
    return first + _CUT if rest else first


def is_cut(secret: Secret) -> bool:
    """Whether it is only what was shown of a source."""
    return secret.source.endswith(_CUT)
