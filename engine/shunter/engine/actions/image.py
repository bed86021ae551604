"""Images as an action names them: the root file system that it runs in, known by content.

A tag is no image: whoever makes an action has resolved it.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Final, TypeAlias

from shunter.engine.digest import Digest, JsonValue, digest_json
from shunter.engine.values import File

FORMAT: Final = 1
"""Raised whenever an image is unpacked, or a container made of it, in a way that results may differ."""


@dataclass(frozen=True, slots=True)
class PulledImage:
    """An image of a registry: `digest` is `sha256:…`, of its manifest or of a list of them.

    `repository` is where it is pulled from, such as `docker.io/library/debian`. It is not in the key: the
    digest says what the content is, wherever it comes from.
    """

    repository: str
    digest: str

    def __str__(self) -> str:
        return f"{self.repository}@{self.digest}"


@dataclass(frozen=True, slots=True)
class ArchivedImage:
    """An image in an archive, as `docker save` or an OCI tool writes it."""

    archive: File

    def __str__(self) -> str:
        return self.archive.name


Image: TypeAlias = PulledImage | ArchivedImage


def image_identity(image: Image) -> JsonValue:
    """What of `image` the key covers."""
    if isinstance(image, PulledImage):
        return {"pulled": image.digest}
    return {"archive": image.archive.digest}


def image_platform(image: Image) -> Digest:
    """The platform of actions that run in `image`: nothing of this machine but its architecture is in it.

    So their results can be used on every machine of one architecture, by whatever executor.
    """
    return digest_json(["image", FORMAT, platform.machine(), image_identity(image)])
