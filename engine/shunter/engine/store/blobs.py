"""Files by digest. A blob is whole from the moment that it has its name, and never changes."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import Self

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store import content
from shunter.engine.store.home import Home, enter
from shunter.engine.store.recency import renew
from shunter.engine.store.scratch import Scratch


class Blobs:
    """The files of a store.

    An executable has an inode of its own, since a hard link can't carry two modes. OSErrors are the
    caller's to translate, with `Home.guard`.
    """

    def __init__(self, home: Home, scratch: Scratch) -> None:
        self._scratch = scratch
        self._root = os.fspath(home.blobs)
        self.device = os.stat(self._root).st_dev

    def path(self, digest: Digest, *, executable: bool = False) -> str:
        """Where the blob is, whether it is there or not."""
        return f"{self._root}/{digest[:2]}/{digest}{'.x' if executable else ''}"

    def has(self, digest: Digest, size: int, *, executable: bool = False) -> bool:
        """Whether the blob is there with all its bytes: what a power cut leaves is shorter."""
        try:
            found = os.stat(self.path(digest, executable=executable))
        except (FileNotFoundError, NotADirectoryError):
            return False
        return found.st_size == size and stat.S_ISREG(found.st_mode)

    def keep(self, digest: Digest, size: int, *, executable: bool = False) -> bool:
        """Like `has`, for whoever is going to need the blob: it counts as young from now on."""
        path = self.path(digest, executable=executable)
        try:
            found = os.stat(path)
            if found.st_size != size or not stat.S_ISREG(found.st_mode):
                return False
            renew(path, found)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def add_bytes(self, data: bytes, *, executable: bool = False, digest: Digest | None = None) -> Digest:
        """Take `data`, whose digest may be known; gives its digest."""
        digest = digest if digest is not None else digest_bytes(data)
        if not self.keep(digest, len(data), executable=executable):
            with _Draft(os.fspath(self._scratch.path("blob"))) as draft:
                content.write_all(draft.handle, data)
                self._enter_draft(draft, digest, executable=executable)
        return digest

    def add_copy(self, source: int, digest: Digest, *, executable: bool = False) -> bool:
        """Take a copy of the open file `source`; whether its content was (still) what `digest` says."""
        with _Draft(os.fspath(self._scratch.path("blob"))) as draft:
            content.copy_content(source, draft.handle)
            if content.digest_of(draft.handle) != digest:
                return False
            self._enter_draft(draft, digest, executable=executable)
            return True

    def move_in(self, name: str, digest: Digest, *, executable: bool, parent: int | None = None) -> None:
        """Take the file `name` of `parent` by rename; it has its mode, and nobody else has it open."""
        self._enter(name, digest, executable=executable, parent=parent)

    def discard(self, digest: Digest, *, executable: bool) -> None:
        """Remove a blob whose content isn't what its name says."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(digest, executable=executable))

    def _enter_draft(self, draft: _Draft, digest: Digest, *, executable: bool) -> None:
        os.fchmod(draft.handle, blob_mode(executable=executable))
        self._enter(draft.name, digest, executable=executable)

    def _enter(self, name: str, digest: Digest, *, executable: bool, parent: int | None = None) -> None:
        """Renaming replaces what is there: it is the same content, or a damaged one."""
        enter(name, self.path(digest, executable=executable), parent=parent)


class _Draft:
    """A file that is being written, and is gone at the end of the block unless it was renamed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self.handle)
        with suppress(FileNotFoundError):
            os.unlink(self.name)


def blob_mode(*, executable: bool) -> int:
    """The permissions of a blob."""
    return 0o555 if executable else 0o444
