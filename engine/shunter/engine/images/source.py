"""Where an image comes from: a registry, or an archive."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeAlias

Proceed: TypeAlias = Callable[[], None]
"""Called every now and then by what takes long; raises where it is to end."""


@dataclass(frozen=True, slots=True)
class LayerPlace:
    """One layer: the digest of its tar, and where the source has it, in the source's own words."""

    diff_id: str
    place: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """An image before it is unpacked: its variables, and its layers from the bottom up."""

    variables: tuple[tuple[str, str], ...]
    layers: tuple[LayerPlace, ...]


class ImageSource(Protocol):
    """Gives one image. Every method raises ImageUnavailable."""

    def describe(self) -> Described:
        """What the image is made of, for this machine."""
        ...

    def layer(self, place: LayerPlace, proceed: Proceed, /) -> AbstractContextManager[BinaryIO]:
        """A layer, packed as it comes, at its beginning; it can be sought."""
        ...
