"""Layers laid over each other, as data: the result is one tree like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shunter.engine.images.layer import Layer, linked
from shunter.engine.store.tree import Entry, FolderEntry, Tree, tree_of


def stacked(layers: Iterable[Layer]) -> Tree:
    """The tree that `layers`, from the bottom up, amount to.

    Raises Packed for a hard link to what neither its layer nor a lower one has as a file.
    """
    below: dict[str, Entry] = {}
    for layer in layers:
        entries = linked(layer, below)
        gone = layer.whiteouts | set(_replaced(below, entries))
        if gone or layer.opaque:
            below = {path: entry for path, entry in below.items() if not _is_gone(path, gone, layer.opaque)}
        below.update(entries)
    return tree_of(below.items())


def _replaced(below: dict[str, Entry], entries: dict[str, Entry]) -> Iterator[str]:
    """What is a folder on one side alone; two folders become one."""
    for path, entry in entries.items():
        before = below.get(path)
        if before is not None and isinstance(before, FolderEntry) is not isinstance(entry, FolderEntry):
            yield path


def _is_gone(path: str, gone: set[str], opaque: set[str]) -> bool:
    if path in gone or "" in opaque:
        return True
    parent = path
    while "/" in parent:
        parent = parent.rpartition("/")[0]
        if parent in gone or parent in opaque:
            return True
    return False
