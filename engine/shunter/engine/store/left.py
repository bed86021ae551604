"""What a failed step left in its folder, kept as far as it can be for whoever looks into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shunter.engine.store.blobs import Blobs
from shunter.engine.store.descriptors import open_folder
from shunter.engine.store.ingest import TakeLimits, Taking
from shunter.engine.store.links import leads_outside
from shunter.engine.store.names import shown
from shunter.engine.store.tree import Entry, FileEntry, LinkEntry, Tree, tree_of
from shunter.engine.values import Directory

ENTRIES: Final = 20_000
"""Files, folders and symlinks that are kept of one step at most."""

_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class Left:
    """A step's `/work` as it was; `out` and `tmp` are folders in it. `size` is the bytes of its `files`.

    `omitted` says in words what isn't kept, the first ten of it; `more` is how many more there are.
    """

    folder: Directory
    files: int
    size: int
    omitted: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Leavings:
    """The same as a tree, whose files are in the store."""

    tree: Tree
    omitted: tuple[str, ...]

    def left(self, folder: Directory) -> Left:
        """What is known of it now that it is `folder`."""
        sizes = [entry.size for _, entry in self.tree.entries if isinstance(entry, FileEntry)]
        more = max(len(self.omitted) - _TOLD, 0)
        return Left(folder, len(sizes), sum(sizes), self.omitted[:_TOLD], more)


def take_leavings(folder: str, blobs: Blobs, *, most: int, taken: Tree) -> Leavings:
    """Move what is below `folder` into `blobs`; with `taken`, which was moved before, at most `most` bytes.

    Nothing is unsafe here: what can't be kept is left out.
    """
    omitted: list[str] = []
    limits = TakeLimits(entries=ENTRIES, file_size=most, total_size=most)
    gathered = Taking(blobs, limits, omitted=omitted).gather(open_folder(folder))
    tree = _without_strays(tree_of(_bounded(gathered, taken, most, omitted)), omitted)
    return Leavings(tree, tuple(omitted))


def _bounded(
    gathered: list[tuple[str, Entry]], taken: Tree, most: int, omitted: list[str]
) -> Iterator[tuple[str, Entry]]:
    yield from gathered
    known = {path for path, _ in gathered}
    room = most - sum(entry.size for _, entry in gathered if isinstance(entry, FileEntry))
    count = ENTRIES - len(gathered)
    for path, entry in taken.entries:
        size = entry.size if isinstance(entry, FileEntry) else 0
        if path in known:
            continue
        if size > room or not count:
            omitted.append(
                f"{shown(path)} has {size} bytes; there is room for {room}, and {count} more names"
            )
            continue
        yield path, entry
        room, count = room - size, count - 1


def _without_strays(tree: Tree, omitted: list[str]) -> Tree:
    """`tree` without the symlinks that leave it. Each pass may make others of them dangle, none leave."""
    strays = {
        path: entry.target
        for path, entry in tree.entries
        if isinstance(entry, LinkEntry) and leads_outside(tree, path)
    }
    omitted += [f"{shown(path)} is a symlink to {shown(target)}" for path, target in strays.items()]
    return Tree(tuple(item for item in tree.entries if item[0] not in strays))
