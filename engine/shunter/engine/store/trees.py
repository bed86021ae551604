"""Folders by digest: a list of entries, and a copy made of hard links that can be mounted."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs, blob_mode, prove
from shunter.engine.store.builder import build_tree
from shunter.engine.store.folders import difference, is_untouched, places, seal_folders
from shunter.engine.store.home import Home, enter
from shunter.engine.store.locks import Locks
from shunter.engine.store.manifest import check_tree, read_manifest, write_manifest
from shunter.engine.store.notice import notice
from shunter.engine.store.recency import read_quietly, renew
from shunter.engine.store.scratch import Scratch, discard
from shunter.engine.store.seal import is_sealed, link_sealed, seal_open, set_seal
from shunter.engine.store.tree import FileEntry, Tree

_REST = 20
"""A folder that took long isn't looked through again for so many times as long as looking took."""

_SLOW = 0.005
"""Seconds of looking that are much: some thousand files."""

LARGE = 1 << 20
"""Bytes of a list of entries that make a folder large: some ten thousand files."""

_CANT_LINK = {errno.EMLINK, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP}
_LINK_TRIES = 100


class Trees:
    """The folders of a store. OSErrors are the caller's to translate, with `Home.guard`."""

    def __init__(self, home: Home, scratch: Scratch, blobs: Blobs, *, large: int = LARGE) -> None:
        self._large = large
        self._scratch = scratch
        self._blobs = blobs
        self._locks = Locks(home)
        self._root = os.fspath(home.trees)
        self._trusted: dict[Digest, float] = {}

    def path(self, digest: Digest) -> str:
        """Where the folder is, whether it is there or not."""
        return f"{self._root}/{digest[:2]}/{digest}"

    def manifest_path(self, digest: Digest) -> str:
        """Where the list of entries is."""
        return self.path(digest) + ".json"

    def has(self, digest: Digest) -> bool:
        """Whether the folder is there as it was stored; one that isn't is made again, if its files are there.

        Files are read again only where something was done to them.
        """
        now = time.monotonic()
        if now < self._trusted.get(digest, now):
            return True
        try:
            there = self._has_manifest(digest) and (self._is_whole(digest) or self.remake(digest))
        except StoreCorrupt:
            there = False
        took = time.monotonic() - now
        if there and took > _SLOW:
            self._trusted[digest] = now + _REST * took
        return there

    def keep(self, digest: Digest) -> bool:
        """Like `has`, for whoever is going to need the folder: it counts as young from now on."""
        return self.has(digest) and renew(self.manifest_path(digest))

    def is_there(self, digest: Digest) -> bool:
        """Like `keep`, but a large folder isn't looked through: whoever needs it does so.

        What is in the way of it being whole is then found out by `whole`.
        """
        try:
            is_large = os.stat(self.manifest_path(digest)).st_size > self._large
            top = os.stat(self.path(digest), follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if not is_large:
            return self.keep(digest)
        return is_sealed(top) and self._has_manifest(digest) and renew(self.manifest_path(digest))

    def put(self, tree: Tree) -> Digest:
        """Make the folder of `tree`, whose files are in already; raises ValueError for no proper tree.

        The list of entries is written last: where it is there, the folder was whole.
        """
        check_tree(tree)
        manifest = write_manifest(tree)
        digest = digest_bytes(manifest)
        if not self.keep(digest):
            self._make(digest, tree, manifest)
        return digest

    def adopt(self, tree: Tree, draft: Path) -> Digest:
        """Take the finished folder `draft`, which is `tree`, unless it is there; raises what `put` does."""
        check_tree(tree)
        manifest = write_manifest(tree)
        digest = digest_bytes(manifest)
        if not self.keep(digest):
            self._move_in(digest, tree, manifest, draft)
        return digest

    def get(self, digest: Digest) -> Tree:
        """The entries of a folder; raises StoreCorrupt."""
        try:
            manifest = read_quietly(self.manifest_path(digest))
        except FileNotFoundError:
            raise StoreCorrupt(f"the folder {digest} isn't in the store", hint=REMEDY) from None
        if digest_bytes(manifest) != digest:
            raise StoreCorrupt(f"the list of entries of the folder {digest} is damaged", hint=REMEDY)
        return read_manifest(manifest)

    def whole(self, digest: Digest) -> str:
        """The folder to mount, made again where it isn't as it was stored.

        Raises StoreCorrupt where it can't be, and nobody takes it for being there any more.
        """
        if not self.has(digest):
            try:
                self.remake(digest)
            except StoreCorrupt:
                Path(self.manifest_path(digest)).unlink(missing_ok=True)
                raise
        return self.path(digest)

    def damage(self, digest: Digest) -> str | None:
        """What is wrong with a folder; None where every byte of it is right."""
        try:
            return difference(self.path(digest), self.get(digest))
        except StoreCorrupt as error:
            return error.message

    def give_back(self, digest: Digest) -> None:
        """Copy what a folder has, and the files of the store lack, into these; raises StoreCorrupt."""
        with suppress(FileNotFoundError, NotADirectoryError):
            for _, entry, name, parent in places(self.path(digest), self.get(digest)):
                if isinstance(entry, FileEntry):
                    self._give_back(entry, name, parent)

    def _give_back(self, entry: FileEntry, name: bytes, parent: int) -> None:
        if self._blobs.has(entry.digest, entry.size, executable=entry.executable):
            return
        with suppress(OSError):
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
            try:
                self._blobs.add_copy(handle, entry.digest, executable=entry.executable)
            finally:
                os.close(handle)

    def discard(self, digest: Digest) -> None:
        """Remove a folder that isn't what its name says."""
        self._trusted.pop(digest, None)
        Path(self.manifest_path(digest)).unlink(missing_ok=True)
        self._remove(self.path(digest))

    def _remove(self, path: str) -> None:
        """Out of sight first, so that nobody sees half of it."""
        aside = self._scratch.path("removed")
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return
        discard(aside)

    def _has_manifest(self, digest: Digest) -> bool:
        path = self.manifest_path(digest)
        try:
            if is_sealed(os.stat(path, follow_symlinks=False)):
                return True
        except (FileNotFoundError, NotADirectoryError):
            return False
        if prove(path, digest, executable=False):
            return True
        notice("%s isn't what was stored: removed, and made again where it is needed", path)
        Path(path).unlink(missing_ok=True)
        return False

    def _is_right(self, digest: Digest) -> bool:
        """Compare a folder whose seals aren't all whole with its entries; if it is right, seal it again."""
        path, tree = self.path(digest), self.get(digest)
        if not os.path.isdir(path):
            return False
        reason = difference(path, tree)
        if reason is None:
            self.give_back(digest)  # a seal breaks, too, where the file was removed from among the store's
            return True
        notice("%s isn't what was stored (%s): made again", path, reason)
        return False

    def remake(self, digest: Digest) -> bool:
        """Make the folder again from its list of entries; raises StoreCorrupt where a file is gone."""
        tree = self.get(digest)
        self.give_back(digest)
        self._make(digest, tree, write_manifest(tree))
        return True

    def _make(self, digest: Digest, tree: Tree, manifest: bytes) -> None:
        with self.draft() as draft:
            build_tree(tree, draft, self.place)
            self._move_in(digest, tree, manifest, draft)

    def _move_in(self, digest: Digest, tree: Tree, manifest: bytes, draft: Path) -> None:
        """Give a folder that was made its name, unless somebody else has made it meanwhile.

        It takes its place in turn: who comes later neither sees half of it nor takes away what is whole, and
        may be mounted already.
        """
        with self._locks.folder(digest):
            if self._has_manifest(digest) and self._is_whole(digest):
                return
            self._remove(self.path(digest))
            enter(draft, self.path(digest))
            seal_folders(self.path(digest), tree)
            self._write_manifest(digest, manifest)

    def _is_whole(self, digest: Digest) -> bool:
        return is_untouched(self.path(digest)) or self._is_right(digest)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A path for a folder on its way in, which is gone at the end of the block unless it was taken."""
        path = self._scratch.path("tree")
        try:
            yield path
        finally:
            if os.path.lexists(path):
                discard(path)

    def place(self, entry: FileEntry, name: bytes, parent: int) -> None:
        """Link a blob into a folder, or copy it where it can have no more links; raises StoreCorrupt.

        It is looked at right before: no altered file is sealed again.
        """
        source = self._blobs.path(entry.digest, executable=entry.executable)
        if not self._blobs.has(entry.digest, entry.size, executable=entry.executable):
            raise StoreCorrupt(f"the file {entry.digest} isn't in the store", hint=REMEDY)
        try:
            _link(source, name, parent)
        except FileNotFoundError:
            raise StoreCorrupt(f"the file {entry.digest} isn't in the store", hint=REMEDY) from None
        except OSError as error:
            if error.errno not in _CANT_LINK:
                raise
            _copy_into(source, name, parent, blob_mode(executable=entry.executable))

    def _write_manifest(self, digest: Digest, manifest: bytes) -> None:
        draft = self._scratch.path("manifest")
        draft.write_bytes(manifest)
        enter(draft, self.manifest_path(digest))
        set_seal(self.manifest_path(digest))


REMEDY = "run again: a step whose result is gone or damaged is run anew"


def _link(source: str, name: bytes, parent: int) -> None:
    """Link `source` into a folder; raises FileNotFoundError only where it isn't there.

    The kernel says that it isn't, too, where an equal blob was renamed over it after it was looked up.
    """
    for _ in range(_LINK_TRIES):
        with suppress(FileNotFoundError):
            link_sealed(source, name, parent)
            return
        if not os.path.lexists(source):
            break
    os.link(source, name, dst_dir_fd=parent)


def _copy_into(source: str, name: bytes, parent: int, mode: int) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writing = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=parent)
        try:
            content.copy_content(reading, writing)
            os.fchmod(writing, mode)
            seal_open(writing)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
