"""Taking a user's own file or folder: hashed where it lies, then copied unless it is known.

A folder that a glance shows to be as it was when it was last taken isn't taken again, and what the store has
of a large one isn't looked through before somebody needs it.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.errors import InputError
from shunter.engine.store.arrival import Arrival, can_arrive
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.glance import Glance
from shunter.engine.store.home import Home
from shunter.engine.store.links import leads_outside
from shunter.engine.store.names import shown, to_text
from shunter.engine.store.reading import Reader, Taken, in_threads
from shunter.engine.store.statcache import Stamp, StatCache, is_settled
from shunter.engine.store.tree import Entry, FileEntry, LinkEntry, Tree, tree_of
from shunter.engine.store.trees import Trees
from shunter.engine.store.walk import Listed, Seen, glance_at, list_folder, look, refusal, shown_path
from shunter.engine.values import Directory, File

_BATCH = 64
"""Files that a thread takes at a time."""

Known: TypeAlias = Mapping[bytes, tuple[Stamp, Digest]]


class Inputs:
    """Takes users' files into a store. Problems with them are InputErrors that name them."""

    def __init__(self, home: Home, blobs: Blobs, trees: Trees, cache: StatCache) -> None:
        self._home = home
        self._blobs = blobs
        self._trees = trees
        self._cache = cache
        self._reader = Reader(home, blobs, trees, cache)
        self._glanced: dict[Digest, bytes] = {}

    def take(self, path: Path) -> File | Directory:
        """The file or folder at `path`, in the store; symlinks that lead to it are followed."""
        given = os.fsencode(os.path.abspath(path))
        try:
            found = os.stat(given)
        except OSError as error:
            raise refusal(given, error) from error
        if stat.S_ISDIR(found.st_mode):
            return Directory(self._folder(os.path.realpath(given)))
        entry = self._file(look(given, found))
        return File(to_text(os.path.basename(given)), entry.digest, entry.size, entry.executable)

    def _file(self, seen: Seen) -> FileEntry:
        now = time.time_ns()
        known = self._cache.file(seen.path)
        old = None if known is None else self._recall(seen, known)
        taken = self._reader.read(seen.path) if old is None else old
        if old is None:
            self._remember([(seen, taken)], now)
        return taken.entry

    def take_again(self, directory: Directory) -> bool:
        """Take a folder again that was only glanced at and isn't whole in the store; whether it is now."""
        top = self._glanced.pop(directory.digest, None)
        try:
            return top is not None and self._read_folder(top) == directory.digest
        except InputError:
            return False

    def _folder(self, top: bytes) -> Digest:
        if (os.path.realpath(os.fsencode(self._home.root)) + b"/").startswith(top.rstrip(b"/") + b"/"):
            raise InputError(
                f"{shown_path(top)} contains shunter's own home folder {self._home.root}",
                hint="give a folder further inside",
            )
        known = self._cache.folder(top)
        if known is not None and self._is_there(known[1]) and glance_at(top) == known[0]:
            self._glanced[known[1]] = top
            return known[1]
        return self._read_folder(top)

    def _is_there(self, digest: Digest) -> bool:
        with self._home.guard():
            return self._trees.is_there(digest)

    def _read_folder(self, top: bytes) -> Digest:
        now, glance = time.time_ns(), Glance()
        listed = list(list_folder(top, glance))
        files = [(path, item) for path, item in listed if isinstance(item, Seen)]
        recalled = self._recalled([seen for _, seen in files], self._cache.below(top))

        def tree_with(taken: Iterable[Taken]) -> Tree:
            found = list(taken)
            pairs = zip((seen for _, seen in files), found, strict=True)
            self._remember([pair for pair in pairs if pair[0].path not in recalled], now)
            return _tree(listed, found, top)

        with self._home.guard():
            if len(recalled) > len(files) / 2 or not can_arrive(listed):
                digest = self._trees.put(tree_with(self._read_all([seen for _, seen in files], recalled)))
            else:
                with self._trees.draft() as draft:
                    arrival = Arrival(draft, self._reader, self._trees.place)
                    digest = self._trees.adopt(tree_with(arrival.take(listed, recalled)), draft)
        if glance.is_settled(now):
            self._cache.keep_folder(top, glance.digest, digest)
        return digest

    def _recalled(self, files: Sequence[Seen], known: Known) -> dict[bytes, Taken]:
        """Those of `files` that are known as they are now, and are in the store, by their paths."""
        found = ((seen.path, self._recall(seen, known[seen.path])) for seen in files if seen.path in known)
        return {path: old for path, old in found if old is not None}

    def _recall(self, seen: Seen, known: tuple[Stamp, Digest]) -> Taken | None:
        if known[0] != seen.stamp:
            return None
        entry = FileEntry(known[1], seen.stamp[0], seen.executable)
        there = self._blobs.keep(entry.digest, entry.size, executable=entry.executable)
        return Taken(seen.stamp, entry) if there else None

    def _remember(self, taken: Sequence[tuple[Seen, Taken]], now: int) -> None:
        """Those that were read and couldn't change since without being noticed."""
        self._cache.keep(
            (seen.path, item.stamp, item.entry.digest) for seen, item in taken if is_settled(item.stamp, now)
        )

    def _read_all(self, files: Sequence[Seen], recalled: Mapping[bytes, Taken]) -> Iterator[Taken]:
        def take(batch: Sequence[Seen]) -> list[Taken]:
            return [recalled.get(seen.path) or self._reader.read(seen.path) for seen in batch]

        batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
        return in_threads(take, batches) if len(batches) > 1 else iter(take(files))


def _tree(listed: Sequence[tuple[str, Listed]], taken: Iterable[Taken], top: bytes) -> Tree:
    """What was listed in the folder `top`, with the files of it in order; raises InputError."""
    entries: list[tuple[str, Entry]] = [(path, item) for path, item in listed if not isinstance(item, Seen)]
    paths = (path for path, item in listed if isinstance(item, Seen))
    entries += [(path, item.entry) for path, item in zip(paths, taken, strict=True)]
    return _checked(tree_of(entries), top)


def _checked(tree: Tree, top: bytes) -> Tree:
    outside = [
        path for path, entry in tree.entries if isinstance(entry, LinkEntry) and leads_outside(tree, path)
    ]
    if outside:
        more = f" and {len(outside) - 3} more" if len(outside) > 3 else ""
        raise InputError(
            f"symlinks in {shown_path(top)} lead out of it: {', '.join(map(shown, outside[:3]))}{more}",
            hint="replace them by what they lead to (cp -rL), or by relative links that stay inside",
        )
    return tree
