"""What a registry wants to know of a caller: nothing, a password, or a token that another server gives."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shunter.engine.images.reference import DEFAULT_REGISTRY
from shunter.engine.small_file import read_small_file

MOST_BYTES: Final = 1 << 20
_PARAMETER: Final = re.compile(r'([A-Za-z_]+)="((?:[^"\\]|\\.)*)"')
_OFFICIAL: Final = "https://index.docker.io/v1/"


@dataclass(frozen=True, slots=True)
class Login:
    """A user's name and password at a registry."""

    user: str
    password: str = field(repr=False)

    @property
    def basic(self) -> str:
        """The value of an Authorization field."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a registry answers with 401: the scheme, and where to get a token."""

    scheme: str
    realm: str
    parameters: Mapping[str, str]


def read_challenge(text: str) -> Challenge:
    """A `WWW-Authenticate` field."""
    scheme, _, rest = text.strip().partition(" ")
    parameters = dict(_PARAMETER.findall(rest))
    return Challenge(scheme.lower(), parameters.pop("realm", ""), parameters)


def login_for(registry: str, *, folder: Path | None = None) -> Login | None:
    """What `docker login` left in its `config.json`; programs that keep passwords aren't asked."""
    path = (folder or _docker_folder()) / "config.json"
    try:
        data = json.loads(read_small_file(path, most=MOST_BYTES))
        entries = data["auths"]
        for name in _names(registry):
            if name in entries:
                return _login(entries[name].get("auth"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return None


def _docker_folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path("~/.docker").expanduser())


def _names(registry: str) -> tuple[str, ...]:
    own = (registry, f"https://{registry}", f"https://{registry}/")
    return (*own, _OFFICIAL, "index.docker.io") if registry == DEFAULT_REGISTRY else own


def _login(packed: object) -> Login | None:
    if not isinstance(packed, str) or not packed:
        return None
    try:
        user, colon, password = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Login(user, password) if colon else None
