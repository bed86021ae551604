"""Folders by digest: a list of entries, and a copy made of hard links that can be mounted."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs, blob_mode
from shunter.engine.store.builder import build_tree
from shunter.engine.store.home import Home, enter
from shunter.engine.store.manifest import check_tree, read_manifest, write_manifest
from shunter.engine.store.names import to_bytes
from shunter.engine.store.recency import read_quietly, renew
from shunter.engine.store.scratch import Scratch, discard
from shunter.engine.store.tree import FileEntry, Tree

_CANT_LINK = {errno.EMLINK, errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP}


class Trees:
    """The folders of a store. OSErrors are the caller's to translate, with `Home.guard`."""

    def __init__(self, home: Home, scratch: Scratch, blobs: Blobs) -> None:
        self._scratch = scratch
        self._blobs = blobs
        self._root = os.fspath(home.trees)

    def path(self, digest: Digest) -> str:
        """Where the folder is, whether it is there or not."""
        return f"{self._root}/{digest[:2]}/{digest}"

    def manifest_path(self, digest: Digest) -> str:
        """Where the list of entries is."""
        return self.path(digest) + ".json"

    def has(self, digest: Digest) -> bool:
        """Whether the list of entries and the folder are there."""
        return os.path.isfile(self.manifest_path(digest)) and os.path.isdir(self.path(digest))

    def keep(self, digest: Digest) -> bool:
        """Like `has`, for whoever is going to need the folder: it counts as young from now on."""
        path = self.manifest_path(digest)
        try:
            renew(path, os.stat(path))
        except (FileNotFoundError, NotADirectoryError):
            return False
        return os.path.isdir(self.path(digest))

    def put(self, tree: Tree) -> Digest:
        """Make the folder of `tree`, whose files are in already; raises ValueError for no proper tree.

        The list of entries is written last: where it is there, the folder was whole.
        """
        check_tree(tree)
        manifest = write_manifest(tree)
        digest = digest_bytes(manifest)
        if not self._is_whole(digest, tree):
            self._remove(self.path(digest))
            self._make(digest, tree)
        if not self.keep(digest) or not _has_size(os.fsencode(self.manifest_path(digest)), len(manifest)):
            self._write_manifest(digest, manifest)
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
        """The folder to mount, made again where only its list of entries is there; raises StoreCorrupt."""
        path = self.path(digest)
        if not os.path.isdir(path):
            self._make(digest, self.get(digest))
        return path

    def discard(self, digest: Digest) -> None:
        """Remove a folder that isn't what its name says."""
        Path(self.manifest_path(digest)).unlink(missing_ok=True)
        self._remove(self.path(digest))

    def discard_place(self, digest: Digest) -> None:
        """Remove a folder and leave its list of entries, from which `whole` makes it again."""
        self._remove(self.path(digest))

    def _remove(self, path: str) -> None:
        """Out of sight first, so that nobody sees half of it."""
        aside = self._scratch.path("removed")
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return
        discard(aside)

    def _is_whole(self, digest: Digest, tree: Tree) -> bool:
        path = self.path(digest)
        if not os.path.isdir(path):
            return False
        top = os.fsencode(path) + b"/"
        files = ((name, entry.size) for name, entry in tree.entries if isinstance(entry, FileEntry))
        return all(_has_size(top + to_bytes(name), size) for name, size in files)

    def _make(self, digest: Digest, tree: Tree) -> None:
        with self._draft() as draft:
            build_tree(tree, draft, self._place)
            _rename_folder(draft, self.path(digest))

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        path = self._scratch.path("tree")
        try:
            yield path
        finally:
            if os.path.lexists(path):
                discard(path)

    def _place(self, entry: FileEntry, name: bytes, parent: int) -> None:
        """Link a blob into a folder, or copy it where it can have no more links."""
        source = self._blobs.path(entry.digest, executable=entry.executable)
        try:
            renew(source, os.stat(source))
            os.link(source, name, dst_dir_fd=parent)
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


REMEDY = "run again: a step whose result is gone or damaged is run anew"


def _has_size(path: bytes, size: int) -> bool:
    try:
        return os.lstat(path).st_size == size
    except OSError:
        return False


def _rename_folder(draft: Path, target: str) -> None:
    """Whoever comes first wins: an equal folder is there then."""
    try:
        enter(draft, target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _copy_into(source: str, name: bytes, parent: int, mode: int) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writing = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=parent)
        try:
            content.copy_content(reading, writing)
            os.fchmod(writing, mode)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
