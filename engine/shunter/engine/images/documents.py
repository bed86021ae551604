"""What registries and archives say of an image: lists, manifests, configurations, all of them untrusted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shunter.engine.errors import ImageUnavailable
from shunter.engine.images.reference import DIGEST

MOST_BYTES: Final = 8 << 20
"""The longest document; the largest that are known of have some 100 kB."""

MOST_LAYERS: Final = 500
_ARCHITECTURES: Final = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "arm",
    "i686": "386",
    "loongarch64": "loong64",
}
_VARIANTS: Final = {"amd64": "v1", "arm64": "v8", "arm": "v7"}

MANIFESTS: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""The media types that can be read."""

DigestText = Annotated[str, StringConstraints(pattern=f"^{DIGEST.pattern}$")]


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Platform(_Document):
    """What a manifest of a list is for."""

    architecture: str = ""
    os: str = ""
    variant: str | None = None


class Descriptor(_Document):
    """Content by digest; `size` is in bytes."""

    digest: DigestText
    size: int = Field(ge=0, le=1 << 40)
    platform: Platform | None = None


class Index(_Document):
    """A list of manifests, mostly one for each architecture."""

    manifests: tuple[Descriptor, ...]


class Manifest(_Document):
    """One image: its configuration, and its layers from the bottom up."""

    config: Descriptor
    layers: tuple[Descriptor, ...] = Field(max_length=MOST_LAYERS)


class RootFs(_Document):
    """The digests of the layers' tar streams, from the bottom up."""

    diff_ids: tuple[DigestText, ...] = Field(max_length=MOST_LAYERS)


class Process(_Document):
    """How the image would be started; only its variables count here."""

    Env: tuple[str, ...] | None = None


class Config(_Document):
    """An image's configuration."""

    architecture: str = ""
    os: str = ""
    rootfs: RootFs
    config: Process | None = None

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """The environment variables that the image sets."""
        listed = (self.config and self.config.Env) or ()
        pairs = (entry.partition("=") for entry in listed if "\0" not in entry)
        return tuple((name, value) for name, _, value in pairs if name)


class SavedImage(_Document):
    """An entry of `manifest.json`, as `docker save` writes it: paths in the archive."""

    Config: str
    Layers: tuple[str, ...] = Field(max_length=MOST_LAYERS)
    RepoTags: tuple[str, ...] | None = None


D = TypeVar("D", bound=_Document)


def verified(content: bytes, digest: str, what: str) -> bytes:
    """`content`, if `digest` is its; raises ImageUnavailable."""
    found = "sha256:" + hashlib.sha256(content).hexdigest()
    if found != digest:
        raise ImageUnavailable(f"{what} isn't what its digest says: expected {digest}, got {found}")
    return content


def read_document(content: bytes, kind: type[D], what: str) -> D:
    """`content` as a document of `kind`; raises ImageUnavailable, naming `what` it should have been."""
    try:
        return kind.model_validate(_json(content))
    except (ValidationError, ValueError) as error:
        raise ImageUnavailable(f"{what} can't be read: {_reason(error)}") from None


def read_saved(content: bytes, what: str) -> Sequence[SavedImage]:
    """The images that a `manifest.json` lists; raises ImageUnavailable."""
    try:
        listed = _json(content)
        if not isinstance(listed, list):
            raise ValueError("expected a list")
        return [SavedImage.model_validate(entry) for entry in listed]
    except (ValidationError, ValueError) as error:
        raise ImageUnavailable(f"{what} can't be read: {_reason(error)}") from None


def read_manifest(content: bytes, what: str) -> Manifest | Index:
    """A manifest, or a list of them; raises ImageUnavailable."""
    try:
        data = _json(content)
    except ValueError as error:
        raise ImageUnavailable(f"{what} can't be read: {_reason(error)}") from None
    if isinstance(data, dict) and "fsLayers" in data:
        raise ImageUnavailable(
            f"{what} is in Docker's first format, which has no digests of layers",
            hint="push the image again with a tool of this decade",
        )
    listed = isinstance(data, dict) and "manifests" in data
    if listed:
        return read_document(content, Index, what)
    return read_document(content, Manifest, what)


def for_machine(index: Index, machine: str, what: str) -> Descriptor:
    """The manifest for `machine`; raises ImageUnavailable where there is none, saying what there is."""
    wanted = architecture_of(machine)
    fitting = [entry for entry in index.manifests if entry.platform and _is_for(entry.platform, wanted)]
    if fitting:
        return min(fitting, key=lambda entry: _variant(entry) not in (None, "", _VARIANTS.get(wanted)))
    if len(index.manifests) == 1 and index.manifests[0].platform is None:
        return index.manifests[0]
    there = ", ".join(sorted(set(_shown(index)))) or "none at all"
    raise ImageUnavailable(f"{what} has nothing for linux/{wanted}; it has: {there}")


def check_machine(config: Config, machine: str, what: str) -> None:
    """Raise ImageUnavailable where programs of the image can't run on `machine`."""
    wanted = architecture_of(machine)
    if config.os not in ("", "linux") or config.architecture not in ("", wanted):
        is_for = f"{config.os}/{config.architecture}"
        raise ImageUnavailable(f"{what} is for {is_for}, and this machine is linux/{wanted}")


def architecture_of(machine: str) -> str:
    """The name that images have for what `uname -m` calls `machine`."""
    return _ARCHITECTURES.get(machine, machine)


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _is_for(platform: Platform, architecture: str) -> bool:
    return platform.os == "linux" and platform.architecture == architecture


def _variant(entry: Descriptor) -> str | None:
    return entry.platform.variant if entry.platform else None


def _shown(index: Index) -> Iterator[str]:
    for entry in index.manifests:
        if entry.platform is not None and entry.platform.os != "unknown":
            yield f"{entry.platform.os}/{entry.platform.architecture}"


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg'].lower()}"
    return str(error)
