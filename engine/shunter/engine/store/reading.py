"""Reading users' own files into a store, by descriptor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import InputError
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.home import Home
from shunter.engine.store.statcache import Stamp, StatCache
from shunter.engine.store.tree import FileEntry
from shunter.engine.store.trees import Trees
from shunter.engine.store.walk import Seen, look, refusal, shown_path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file in the store, and its stamp when it was read."""

    stamp: Stamp
    entry: FileEntry


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a file is wanted as well: a name in the open folder `parent` of a folder of the store to be."""

    name: bytes
    parent: int


class Reader:
    """Takes files whose content isn't known. Problems with them are InputErrors that name them."""

    def __init__(self, home: Home, blobs: Blobs, trees: Trees, cache: StatCache) -> None:
        self._home = home
        self._blobs = blobs
        self._trees = trees
        self._cache = cache

    def read(self, path: bytes, spot: Spot | None = None) -> Taken:
        """Take the file at `path`, and put it at `spot`."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise refusal(path, error) from error
        try:
            return self._read_open(handle, path, spot)
        finally:
            os.close(handle)

    def _read_open(self, handle: int, path: bytes, spot: Spot | None) -> Taken:
        before = look(path, os.fstat(handle))
        entry = self._take_open(handle, before, spot)
        if entry is None or look(path, os.fstat(handle)).stamp != before.stamp:
            raise InputError(
                f"{shown_path(path)} was changed while it was being read",
                hint="wait until whatever writes it is done, then run again",
            )
        return Taken(before.stamp, entry)

    def _take_open(self, handle: int, seen: Seen, spot: Spot | None) -> FileEntry | None:
        """The content of an open file; None where it is known to have changed meanwhile."""
        if seen.stamp[0] <= content.SMALL:
            return self._take_small(handle, seen, spot)
        is_likely_known = self._cache.has_size(seen.stamp[0])
        entry = self._take_known(handle, seen) if is_likely_known else self._take_new(handle, seen)
        if entry is not None and spot is not None:
            self._place(entry, spot)
        return entry

    def _take_small(self, handle: int, seen: Seen, spot: Spot | None) -> FileEntry:
        with _reading(seen.path):
            data = content.read_all(handle, seen.stamp[0])
        digest, executable = digest_bytes(data), seen.executable
        entry = FileEntry(digest, len(data), executable)
        with self._home.guard():
            if spot is None:
                self._blobs.add_bytes(data, executable=executable, digest=digest)
            elif not self._blobs.plant(data, digest, spot.name, spot.parent, executable=executable):
                self._place(entry, spot)
        return entry

    def _take_known(self, handle: int, seen: Seen) -> FileEntry | None:
        """A file that may well be in: read, and copied where it isn't."""
        size, executable = seen.stamp[0], seen.executable
        with _reading(seen.path):
            digest = content.digest_of(handle)
        with self._home.guard():
            there = self._blobs.keep(digest, size, executable=executable)
            if not there and not self._blobs.add_copy(handle, digest, executable=executable):
                return None
        return FileEntry(digest, size, executable)

    def _take_new(self, handle: int, seen: Seen) -> FileEntry:
        """A file of a size that was never seen: copied, and only the copy is read."""
        with self._home.guard():
            digest = self._blobs.add_open(handle, executable=seen.executable)
        return FileEntry(digest, seen.stamp[0], seen.executable)

    def _place(self, entry: FileEntry, spot: Spot) -> None:
        with self._home.guard():
            self._trees.place(entry, spot.name, spot.parent)


@contextmanager
def _reading(path: bytes) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def in_threads(work: Callable[[T], Sequence[Taken]], batches: Sequence[T]) -> Iterator[Taken]:
    """What `work` gives for each batch, in order; what it raises ends it all."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            for taken in pool.map(work, batches):
                yield from taken
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
