"""A user's folder that is new to a store, written once: where it will be mounted from.

Each small file is made there and linked into the files of the store, instead of being made among these and
linked from there: on most file systems to make a file costs several times what reading it does, and to rename
it as much as linking it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from shunter.engine.store.builder import Place
from shunter.engine.store.names import to_bytes
from shunter.engine.store.reading import Reader, Spot, Taken, in_threads
from shunter.engine.store.tree import FolderEntry, LinkEntry
from shunter.engine.store.walk import Listed, Seen

BATCH = 256
"""Files of one folder that a thread takes at a time."""

LONGEST = 2000
"""Bytes of a path below the folder; the kernel takes 4,096 in all."""

Batch: TypeAlias = tuple[bytes, Sequence[tuple[bytes, Seen]]]
"""The path of a folder, and files in it by their names."""


def can_arrive(listed: Sequence[tuple[str, Listed]]) -> bool:
    """Whether all paths are short enough to be opened as such."""
    return all(len(path) < LONGEST for path, _ in listed) and len(listed) > BATCH


class Arrival:
    """Makes the folder `draft`, which isn't there yet, of what was listed in a user's folder."""

    def __init__(self, draft: Path, reader: Reader, place: Place) -> None:
        self._draft = os.fsencode(draft)
        self._reader = reader
        self._place = place

    def take(self, listed: Sequence[tuple[str, Listed]], recalled: Mapping[bytes, Taken]) -> Iterator[Taken]:
        """The files among `listed`, in order, those that are `recalled` by their paths without being read.

        Raises InputError.
        """
        self._make_frame(listed)
        return in_threads(lambda batch: self._take_batch(batch, recalled), _batches(listed))

    def _make_frame(self, listed: Sequence[tuple[str, Listed]]) -> None:
        """Folders and symlinks."""
        _make_folder(self._draft)
        for path, item in listed:
            place = self._draft + b"/" + to_bytes(path)
            if isinstance(item, FolderEntry):
                _make_folder(place)
            elif isinstance(item, LinkEntry):
                os.symlink(to_bytes(item.target), place)

    def _take_batch(self, batch: Batch, recalled: Mapping[bytes, Taken]) -> list[Taken]:
        parent, files = batch
        handle = os.open(self._draft + b"/" + parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return [self._take(name, seen, handle, recalled.get(seen.path)) for name, seen in files]
        finally:
            os.close(handle)

    def _take(self, name: bytes, seen: Seen, parent: int, old: Taken | None) -> Taken:
        if old is None:
            return self._reader.read(seen.path, Spot(name, parent))
        self._place(old.entry, name, parent)
        return old


def _make_folder(path: bytes) -> None:
    os.mkdir(path)
    os.chmod(path, 0o755)


def _batches(listed: Sequence[tuple[str, Listed]]) -> list[Batch]:
    """Files of one folder each, in order, so that two threads seldom write to the same one."""
    files = [(to_bytes(path), item) for path, item in listed if isinstance(item, Seen)]
    batches: list[Batch] = []
    for parent, found in groupby(files, lambda file: file[0].rpartition(b"/")[0]):
        inner = [(path.rpartition(b"/")[2], seen) for path, seen in found]
        batches += [(parent, inner[start : start + BATCH]) for start in range(0, len(inner), BATCH)]
    return batches
