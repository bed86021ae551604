"""Names of images as people write them: `debian:12`, `registry.example/team/tool@sha256:…`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

DEFAULT_REGISTRY: Final = "docker.io"
DEFAULT_TAG: Final = "latest"

DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::([0-9]{1,5}))?")
_PATH: Final = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class Reference:
    """An image of a registry: `registry` is a host, with a port where it has one.

    With a `digest` the tag says nothing; without one `tag` is what has to be resolved.
    """

    registry: str
    path: str
    tag: str | None
    digest: str | None

    @property
    def repository(self) -> str:
        """Where it is pulled from, with the registry."""
        return f"{self.registry}/{self.path}"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.repository}{tag}{'@' + self.digest if self.digest else ''}"


def parse_reference(text: str) -> Reference:
    """The image that `text` names, in Docker's short forms too; raises ValueError, saying what is off."""
    name, at, digest = text.partition("@")
    if at and DIGEST.fullmatch(digest) is None:
        raise ValueError(f"not a digest: {digest!r} (write sha256: and 64 hexadecimal digits)")
    registry, path = _split(name)
    path, colon, tag = path.partition(":")
    if colon and _TAG.fullmatch(tag) is None:
        raise ValueError(f"not a tag: {tag!r}")
    if registry == DEFAULT_REGISTRY and "/" not in path:
        path = f"library/{path}"
    if _PATH.fullmatch(path) is None or len(path) > _LONGEST:
        raise ValueError(
            f"not the name of an image: {text!r} (write it as debian:12 or registry.example/tool:1)"
        )
    return Reference(registry, path, tag or (None if at else DEFAULT_TAG), digest or None)


def is_loopback(host: str) -> bool:
    """Whether `host`, which may have a port, is this machine itself."""
    match = _HOST.fullmatch(host)
    name = match[1].strip("[]") if match else host
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _split(name: str) -> tuple[str, str]:
    """The registry and the rest. The first part is a host if it looks like one, as Docker has it."""
    first, slash, rest = name.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        return DEFAULT_REGISTRY, name
    if _HOST.fullmatch(first) is None:
        raise ValueError(f"not a registry: {first!r}")
    return ("docker.io" if first == "index.docker.io" else first.lower()), rest
