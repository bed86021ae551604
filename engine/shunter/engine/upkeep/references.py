"""How many refer to each item, and what is free once nobody does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from shunter.engine.upkeep.items import Contents, Item, Stored, is_folder


class References:
    """Counts of references; a folder refers to its files once, however many refer to it."""

    def __init__(self, stored: Mapping[Item, Stored], contents: Contents) -> None:
        self._stored = stored
        self._contents = contents
        self._counts: Counter[Item] = Counter()

    def __contains__(self, item: Item) -> bool:
        return self._counts[item] > 0

    def add(self, items: Iterable[Item]) -> int:
        """Count references to `items`; the bytes that weren't referred to before."""
        return sum(self._add(item) for item in items)

    def drop(self, items: Iterable[Item]) -> int:
        """Take references to `items` away; the bytes that nobody refers to any more."""
        return sum(self._drop(item) for item in items)

    def _add(self, item: Item) -> int:
        self._counts[item] += 1
        if self._counts[item] > 1:
            return 0
        return self._size(item) + (self.add(self._contents.of(item)) if is_folder(item) else 0)

    def _drop(self, item: Item) -> int:
        self._counts[item] -= 1
        if self._counts[item] > 0:
            return 0
        return self._size(item) + (self.drop(self._contents.of(item)) if is_folder(item) else 0)

    def _size(self, item: Item) -> int:
        if is_folder(item):
            return self._contents.size(item, self._stored)
        return self._stored[item].size if item in self._stored else 0
