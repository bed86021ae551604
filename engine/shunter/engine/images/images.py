"""The images of a store: unpacked once, kept as results like any other.

A layer is a folder of the store with what it removes; an image is the folder that its layers amount to. Both
stand in the index under keys of their own, so that they are verified, explained and pruned with all the rest,
and images with the same layers share them.
"""

from __future__ import annotations

import asyncio
import platform
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from shunter.engine.actions.image import FORMAT, ArchivedImage, Image, PulledImage, image_identity
from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue, digest_json
from shunter.engine.errors import ImageUnavailable, StoreCorrupt
from shunter.engine.images.layer import Layer, read_layer
from shunter.engine.images.source import ImageSource, LayerPlace, Proceed
from shunter.engine.images.stack import stacked
from shunter.engine.images.storage import ImageStore
from shunter.engine.store.tree import Tree, tree_of
from shunter.engine.values import Directory, Value

MOST_ARCHIVE_BYTES: Final = 256 << 30


@dataclass(frozen=True, slots=True)
class ImageRoot:
    """An image that is ready: the folder that is its root, and the variables that it sets."""

    directory: Directory
    variables: tuple[tuple[str, str], ...]


class _Stopped(Exception):
    """Nobody waits for it any more."""


class Images:
    """The images of `store`, pulled and unpacked when they are first asked for."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store
        self._machine = platform.machine()

    async def root(self, image: Image) -> ImageRoot:
        """The root of `image`, unpacked by one process for all; raises ImageUnavailable."""
        key = image_key(image, self._machine)
        if (found := self._known(key)) is not None:
            return found
        stop = threading.Event()

        def proceed() -> None:
            if stop.is_set():
                raise _Stopped

        async with self._store.key_lock(key):
            if (found := self._known(key)) is not None:
                return found
            try:
                return await asyncio.to_thread(self._unpack, image, key, proceed)
            finally:
                stop.set()

    def _known(self, key: Digest) -> ImageRoot | None:
        result = self._store.lookup([key]).get(key)
        return None if result is None else _root(result.value)

    def _unpack(self, image: Image, key: Digest, proceed: Proceed) -> ImageRoot:
        began = time.monotonic()
        with self._source(image) as source:
            described = source.describe()
            layers = [self._layer(source, place, str(image), proceed) for place in described.layers]
            directory = self._put(_stacked(layers, str(image)), str(image))
        value: Value = {
            "root": directory,
            "variables": tuple((name, text) for name, text in described.variables),
            "layers": tuple(place.diff_id for place in described.layers),
        }
        self._record(key, value, began, {**_image_parts(image, self._machine), "label": f"image {image}"})
        return ImageRoot(directory, described.variables)

    def _layer(self, source: ImageSource, place: LayerPlace, name: str, proceed: Proceed) -> Layer:
        key = digest_json(_layer_parts(place.diff_id))
        known = self._store.lookup([key]).get(key)
        if known is not None and (layer := self._read(known.value)) is not None:
            return layer
        began = time.monotonic()
        what = f"the layer {place.diff_id} of {name}"
        with source.layer(place, proceed) as stream:
            layer = read_layer(stream, place.diff_id, self._store, what=what, proceed=proceed)
        value: Value = {
            "entries": self._put(tree_of(layer.entries.items()), what),
            "whiteouts": tuple(sorted(layer.whiteouts)),
            "opaque": tuple(sorted(layer.opaque)),
            "links": tuple(sorted(layer.links.items())),
            "left_out": tuple(layer.left_out[:100]),
        }
        self._record(key, value, began, {**_layer_parts(place.diff_id), "label": f"layer of {name}"})
        return layer

    def _read(self, value: Value) -> Layer | None:
        match value:
            case {
                "entries": Directory() as entries,
                "whiteouts": tuple(gone),
                "opaque": tuple(opaque),
                **rest,
            }:
                try:
                    tree = self._store.get_tree(entries)
                except StoreCorrupt:
                    return None
                given = rest.get("links", ())
                links = {
                    str(path): str(to) for path, to in map(_pair, given if isinstance(given, tuple) else ())
                }
                return Layer(dict(tree.entries), set(map(str, gone)), set(map(str, opaque)), links)
        return None

    def _put(self, tree: Tree, what: str) -> Directory:
        try:
            return self._store.put_tree(tree)
        except ValueError as error:
            raise ImageUnavailable(f"{what} can't be unpacked: {error}") from None

    def _record(self, key: Digest, value: Value, began: float, parts: JsonValue) -> None:
        self._store.record(key, Result(value, None, None, time.monotonic() - began, time.time()), parts)

    @contextmanager
    def _source(self, image: Image) -> Iterator[ImageSource]:
        if isinstance(image, PulledImage):
            with self._registry(image) as source:
                yield source
        else:
            with self._archive(image) as source:
                yield source

    @contextmanager
    def _registry(self, image: PulledImage) -> Iterator[ImageSource]:
        from shunter.engine.images.pulled import RegistrySource, reference_of
        from shunter.engine.images.registry import Registry

        with Registry(reference_of(image).registry) as registry:
            yield RegistrySource(image, registry, machine=self._machine, scratch=self._store.scratch)

    @contextmanager
    def _archive(self, image: ArchivedImage) -> Iterator[ImageSource]:
        from shunter.engine.images.archive import ArchiveSource
        from shunter.engine.images.stream import BROKEN, Packed, broken, unpacked_file

        with self._store.open(image.archive) as stream, self._store.scratch("archive") as folder:
            try:
                plain = unpacked_file(stream, folder / "plain", most=MOST_ARCHIVE_BYTES)
            except (Packed, *BROKEN) as error:
                raise broken(str(image), error) from None
            with plain:
                yield ArchiveSource(plain, str(image), machine=self._machine)


def image_key(image: Image, machine: str) -> Digest:
    """Under which the index has what `image` was unpacked to."""
    return digest_json(_image_parts(image, machine))


def _image_parts(image: Image, machine: str) -> Mapping[str, JsonValue]:
    return {"format": FORMAT, "image": image_identity(image), "machine": machine}


def _layer_parts(diff_id: str) -> Mapping[str, JsonValue]:
    return {"format": FORMAT, "layer": diff_id}


def _stacked(layers: Sequence[Layer], name: str) -> Tree:
    from shunter.engine.images.stream import Packed, broken

    try:
        return stacked(layers)
    except Packed as error:
        raise broken(name, error) from None


def _root(value: Value) -> ImageRoot | None:
    match value:
        case {"root": Directory() as directory, "variables": tuple(pairs)}:
            return ImageRoot(directory, tuple((str(name), str(text)) for name, text in map(_pair, pairs)))
    return None


def _pair(value: Value) -> tuple[Value, Value]:
    assert isinstance(value, tuple)
    return value[0], value[1]
