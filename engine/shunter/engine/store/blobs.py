"""Files by digest. A blob is whole once it has its name; whether it still is, its seal tells."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store import content
from shunter.engine.store.home import Home, enter, make_passage
from shunter.engine.store.notice import notice
from shunter.engine.store.recency import renew
from shunter.engine.store.scratch import Scratch, discard
from shunter.engine.store.seal import is_sealed, seal_open


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
        """Whether the blob is there as it was stored; one that isn't is removed.

        Its bytes are read again only where something was done to it, if only by linking it.
        """
        path = self.path(digest, executable=executable)
        try:
            found = os.stat(path, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if found.st_size == size and stat.S_ISREG(found.st_mode) and is_sealed(found):
            return True
        return self._prove(path, found, digest, executable=executable)

    def keep(self, digest: Digest, size: int, *, executable: bool = False) -> bool:
        """Like `has`, for whoever is going to need the blob: it counts as young from now on."""
        return self.has(digest, size, executable=executable) and renew(
            self.path(digest, executable=executable)
        )

    def add_bytes(self, data: bytes, *, executable: bool = False, digest: Digest | None = None) -> Digest:
        """Take `data`, whose digest may be known; gives its digest."""
        digest = digest if digest is not None else digest_bytes(data)
        if not self.keep(digest, len(data), executable=executable):
            with _Draft(os.fspath(self._scratch.path("blob"))) as draft:
                content.write_all(draft.handle, data)
                self._enter_draft(draft, digest, executable=executable)
        return digest

    def plant(self, data: bytes, digest: Digest, name: bytes, parent: int, *, executable: bool) -> bool:
        """Write `data` as the new file `name` of the open folder `parent`, and take it from there by a link.

        `parent` is of a folder of the store to be. Says False, and leaves nothing there, where the content is
        in already.
        """
        if self.keep(digest, len(data), executable=executable):
            return False
        mode = blob_mode(executable=executable)
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=parent)
        try:
            content.write_all(handle, data)
            if stat.S_IMODE(os.fstat(handle).st_mode) != mode:  # the umask took some of it
                os.fchmod(handle, mode)
            if _link_in(name, parent, self.path(digest, executable=executable)):
                seal_open(handle)
                return True
        finally:
            os.close(handle)
        os.unlink(name, dir_fd=parent)
        return False

    def add_copy(self, source: int, digest: Digest, *, executable: bool = False) -> bool:
        """Take a copy of the open file `source`; whether its content was (still) what `digest` says."""
        with _Draft(os.fspath(self._scratch.path("blob"))) as draft:
            content.copy_content(source, draft.handle)
            if content.digest_of(draft.handle) != digest:
                return False
            self._enter_draft(draft, digest, executable=executable)
            return True

    def add_open(self, source: int, *, executable: bool = False) -> Digest:
        """Take a copy of the open file `source`, of which nothing is known; gives the digest of the copy."""
        with _Draft(os.fspath(self._scratch.path("blob"))) as draft:
            content.copy_content(source, draft.handle)
            digest = content.digest_of(draft.handle)
            size = os.fstat(draft.handle).st_size
            if not self.keep(digest, size, executable=executable):
                self._enter_draft(draft, digest, executable=executable)
            return digest

    def move_in(
        self, name: str, digest: Digest, *, executable: bool, parent: int | None = None, of: int
    ) -> bool:
        """Take the file `name` of `parent` by rename; it has its mode, and nobody else has it open.

        `of` is its descriptor; says False, and takes nothing, where another file has got the name meanwhile.
        """
        path = self.path(digest, executable=executable)
        enter(name, path, parent=parent)
        if os.path.samestat(os.lstat(path), os.fstat(of)):
            seal_open(of)
            return True
        if prove(path, digest, executable=executable):  # another taker has put its own file there meanwhile
            return True
        os.rename(path, self._scratch.path("swapped"))  # whatever it is, a folder too
        return False

    def discard(self, digest: Digest, *, executable: bool) -> None:
        """Remove a blob whose content isn't what its name says."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(digest, executable=executable))

    def _prove(self, path: str, found: os.stat_result, digest: Digest, *, executable: bool) -> bool:
        """Read a blob whose seal is broken: seal it again, or say that it was altered and remove it."""
        if prove(path, digest, executable=executable):
            return True
        with suppress(FileNotFoundError, NotADirectoryError):
            now = os.stat(path, follow_symlinks=False)
            if now.st_ino == found.st_ino:  # nobody has put it right meanwhile
                notice("%s isn't what was stored: removed, and made again where it is needed", path)
                _remove(path)
        return False

    def _enter_draft(self, draft: _Draft, digest: Digest, *, executable: bool) -> None:
        os.fchmod(draft.handle, blob_mode(executable=executable))
        enter(draft.name, self.path(digest, executable=executable))  # what is there is the same, or damaged
        seal_open(draft.handle)


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


def _link_in(name: bytes, parent: int, path: str) -> bool:
    """Link a file of the open folder `parent` to `path`, whose folder may not be there yet."""
    try:
        os.link(name, path, src_dir_fd=parent)
    except FileExistsError:
        return False
    except FileNotFoundError:
        make_passage(Path(path).parent)
        return _link_in(name, parent, path)
    return True


def prove(path: str | bytes, digest: Digest, *, executable: bool, parent: int | None = None) -> bool:
    """Whether the file at `path` (of the open folder `parent`) is the one that `digest` names: all is read.

    If it is, its mode and its seal are put right.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except OSError:
        return False
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode) or content.digest_of(handle) != digest:
            return False
        if os.fstat(handle).st_ctime_ns == before.st_ctime_ns:  # else it is read again when it is next needed
            _put_right(handle, before, blob_mode(executable=executable))
        return True
    finally:
        os.close(handle)


def _put_right(handle: int, found: os.stat_result, mode: int) -> None:
    if stat.S_IMODE(found.st_mode) != mode:
        with suppress(OSError):
            os.fchmod(handle, mode)
    seal_open(handle)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        discard(Path(path))
    else:
        os.unlink(path)


def blob_mode(*, executable: bool) -> int:
    """The permissions of a blob."""
    return 0o555 if executable else 0o444
