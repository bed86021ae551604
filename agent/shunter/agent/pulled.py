"""The images of registries that functions run in, by the names that their modules give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from shunter.agent.reuse import refuse_tags
from shunter.engine.run.reuse import Misses
from shunter.tools.images import registry_images

if TYPE_CHECKING:
    from shunter.engine.actions.image import PulledImage
    from shunter.engine.store.local import LocalStore
    from shunter.tools.catalogue import Catalogue
    from shunter.tools.modules.function import Function


class PulledImages:
    """A tag is looked up once in its life, and not at all where a plan has its digest."""

    def __init__(self, misses: Misses) -> None:
        self._misses = misses
        self._tags: dict[str, PulledImage] = {}

    def of(
        self, functions: Sequence[str], pins: Mapping[str, str], catalogue: Catalogue, store: LocalStore
    ) -> Mapping[str, PulledImage]:
        """Those that `functions` run in, and all that may be called through them.

        `pins` are digests by name. Raises ImageUnavailable.
        """
        named = registry_images(_within_reach(functions, catalogue))
        if not named:
            return {}
        from shunter.engine.images.tags import pulled_image

        if self._misses is Misses.REFUSE:
            refuse_tags(name for name in named if name not in pins)
        for name in named:
            if name not in pins and name not in self._tags:
                self._tags[name] = pulled_image(name, pins, home=store.home)
        return {
            name: pulled_image(name, pins, home=store.home) if name in pins else self._tags[name]
            for name in named
        }


def _within_reach(functions: Sequence[str], catalogue: Catalogue) -> Iterator[Function]:
    yield from map(catalogue.function, functions)
    for name in sorted({function.partition(".")[0] for function in functions}):
        for module in catalogue.used(name):
            yield from module.functions.values()
