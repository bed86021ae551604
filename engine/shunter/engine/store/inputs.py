"""Taking a user's own file or folder: hashed where it lies, then copied unless it is known.

A folder that a glance shows to be as it was when it was last taken isn't taken again, and what the store has
of it isn't looked through before somebody needs it.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from shunter.engine.digest import Digest
from shunter.engine.errors import InputError
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.glance import Glance
from shunter.engine.store.home import Home
from shunter.engine.store.links import leads_outside
from shunter.engine.store.names import shown, to_text
from shunter.engine.store.statcache import Stamp, StatCache, is_settled
from shunter.engine.store.tree import Entry, FileEntry, LinkEntry, Tree, tree_of
from shunter.engine.store.trees import Trees
from shunter.engine.store.walk import Seen, glance_at, list_folder, look, refusal, shown_path
from shunter.engine.values import Directory, File

_BATCH = 64
"""Files that a thread takes at a time."""

Known: TypeAlias = Mapping[bytes, tuple[Stamp, Digest]]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file in the store, and its stamp when it was read."""

    stamp: Stamp
    entry: FileEntry


class Inputs:
    """Takes users' files into a store. Problems with them are InputErrors that name them."""

    def __init__(self, home: Home, blobs: Blobs, trees: Trees, cache: StatCache) -> None:
        self._home = home
        self._blobs = blobs
        self._trees = trees
        self._cache = cache
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
        return self._take([seen], {} if known is None else {seen.path: known}, now)[0]

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
        taken = self._take([seen for _, seen in files], self._cache.below(top), now)
        entries: list[tuple[str, Entry]] = [
            (path, item) for path, item in listed if not isinstance(item, Seen)
        ]
        entries += [(path, entry) for (path, _), entry in zip(files, taken, strict=True)]
        tree = _checked(tree_of(entries), top)
        with self._home.guard():
            digest = self._trees.put(tree)
        if glance.is_settled(now):
            self._cache.keep_folder(top, glance.digest, digest)
        return digest

    def _take(self, files: Sequence[Seen], known: Known, now: int) -> list[FileEntry]:
        """The entries of `files`, in order; those that are known as they are now aren't read again."""
        recalled = [self._recall(seen, known.get(seen.path)) for seen in files]
        read = iter(self._read_all([seen for seen, old in zip(files, recalled, strict=True) if old is None]))
        taken = [next(read) if old is None else old for old in recalled]
        self._cache.keep(
            (seen.path, item.stamp, item.entry.digest)
            for seen, old, item in zip(files, recalled, taken, strict=True)
            if old is None and is_settled(item.stamp, now)
        )
        return [item.entry for item in taken]

    def _recall(self, seen: Seen, known: tuple[Stamp, Digest] | None) -> _Taken | None:
        if known is None or known[0] != seen.stamp:
            return None
        entry = FileEntry(known[1], seen.stamp[0], seen.executable)
        there = self._blobs.keep(entry.digest, entry.size, executable=entry.executable)
        return _Taken(seen.stamp, entry) if there else None

    def _read_all(self, files: Sequence[Seen]) -> list[_Taken]:
        batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
        if len(batches) <= 1:
            return self._read_batch(files)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            try:
                return [item for batch in pool.map(self._read_batch, batches) for item in batch]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _read_batch(self, files: Sequence[Seen]) -> list[_Taken]:
        return [self._read(seen.path) for seen in files]

    def _read(self, path: bytes) -> _Taken:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise refusal(path, error) from error
        try:
            return self._read_open(handle, path)
        finally:
            os.close(handle)

    def _read_open(self, handle: int, path: bytes) -> _Taken:
        before = look(path, os.fstat(handle))
        entry = self._take_open(handle, before)
        if entry is None or look(path, os.fstat(handle)).stamp != before.stamp:
            raise InputError(
                f"{shown_path(path)} was changed while it was being read",
                hint="wait until whatever writes it is done, then run again",
            )
        return _Taken(before.stamp, entry)

    def _take_open(self, handle: int, seen: Seen) -> FileEntry | None:
        """The content of an open file; None where it is known to have changed meanwhile."""
        if seen.stamp[0] <= content.SMALL:
            return self._take_small(handle, seen)
        if self._cache.has_size(seen.stamp[0]):
            return self._take_known(handle, seen)
        return self._take_new(handle, seen)

    def _take_small(self, handle: int, seen: Seen) -> FileEntry:
        with _reading(seen.path):
            data = content.read_all(handle, seen.stamp[0])
        with self._home.guard():
            digest = self._blobs.add_bytes(data, executable=seen.executable)
        return FileEntry(digest, len(data), seen.executable)

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


@contextmanager
def _reading(path: bytes) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


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
