"""An image in a registry, by digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from shunter.engine.actions.image import PulledImage
from shunter.engine.errors import ImageUnavailable
from shunter.engine.images import documents
from shunter.engine.images.reference import Reference, parse_reference
from shunter.engine.images.registry import Registry
from shunter.engine.images.source import Described, LayerPlace, Proceed


class RegistrySource:
    """Pulls `image` for `machine` through an open `registry`, by way of folders that `scratch` makes."""

    def __init__(
        self,
        image: PulledImage,
        registry: Registry,
        *,
        machine: str,
        scratch: Callable[[str], AbstractContextManager[Path]],
    ) -> None:
        self._image = image
        self._registry = registry
        self._machine = machine
        self._scratch = scratch
        self._reference = reference_of(image)

    def describe(self) -> Described:
        """What it is made of; each document is held against its digest."""
        name = str(self._image)
        manifest = self._manifest(self._image.digest)
        if isinstance(manifest, documents.Index):
            chosen = documents.for_machine(manifest, self._machine, name)
            manifest = self._manifest(chosen.digest)
            if isinstance(manifest, documents.Index):
                raise ImageUnavailable(f"{name} is a list of lists of images")
        digest = manifest.config.digest
        what = f"the configuration of {name}"
        content = documents.verified(self._registry.blob(self._reference, digest), digest, what)
        config = documents.read_document(content, documents.Config, what)
        documents.check_machine(config, self._machine, name)
        if len(config.rootfs.diff_ids) != len(manifest.layers):
            raise ImageUnavailable(f"{name} lists other layers in its configuration than in its manifest")
        pairs = zip(config.rootfs.diff_ids, manifest.layers, strict=True)
        layers = tuple(LayerPlace(diff_id, layer.digest, layer.size) for diff_id, layer in pairs)
        return Described(config.variables, layers)

    @contextmanager
    def layer(self, place: LayerPlace, proceed: Proceed, /) -> Iterator[BinaryIO]:
        """A layer, downloaded and held against its digest."""
        with self._scratch("pull") as folder:
            target = folder / "layer"
            self._registry.download(self._reference, place.place, place.size or 0, target, proceed)
            with open(target, "rb") as stream:
                yield stream

    def _manifest(self, digest: str) -> documents.Manifest | documents.Index:
        what = f"the manifest of {self._image}"
        content = documents.verified(self._registry.manifest(self._reference, digest), digest, what)
        return documents.read_manifest(content, what)


def reference_of(image: PulledImage) -> Reference:
    """The reference that `image` is pulled by; raises ImageUnavailable for what is no repository."""
    try:
        return parse_reference(str(image))
    except ValueError as error:
        raise ImageUnavailable(f"{image} can't be pulled: {error}") from None
