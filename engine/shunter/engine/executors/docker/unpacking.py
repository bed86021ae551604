"""What a step left, unpacked from the daemon's tar into a folder of this machine.

Python's own filters have had holes. Here no symlink is made before all else is unpacked, so none can be
followed; each path is made once, in a folder that was made here; modes and owners are ours. Whether it is an
output that can be taken is decided where all executors' outputs are.
"""

from __future__ import annotations

import errno
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from shunter.engine.store.errors import UnsafeOutput

_KINDS: Final = {
    tarfile.FIFOTYPE: "a fifo",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
}


_BLOCK: Final = 1 << 20
"""Bytes that become a hole where all are zero: an archive doesn't say what was one, and giants of holes are
refused."""

_UNFIT: Final = (errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EINVAL)


class _Stream(io.RawIOBase):
    """The pieces of a tar as a file to read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        taken = min(len(buffer), len(self._piece))
        buffer[:taken] = self._piece[:taken]
        self._piece = self._piece[taken:]
        return taken


def unpack(
    pieces: Iterable[bytes], folder: Path, *, largest: int, omitted: list[str] | None = None
) -> frozenset[str]:
    """Unpack a tar whose top is one folder into `folder`, which is new; returns the paths below it.

    Raises UnsafeOutput for a member that no step may leave: another kind than file, folder and link, a path
    that leads out, one that comes twice, or a file of more than `largest` bytes. With `omitted` they are left
    out, what it says is added there, and `largest` is for all files together.
    """
    unpacking = _Unpacking(folder, largest) if omitted is None else _Lenient(folder, largest, omitted)
    _unpack(pieces, unpacking)
    return frozenset(unpacking.paths)


def unpack_lent(pieces: Iterable[bytes], folder: Path, *, largest: int) -> None:
    """Unpack a tar of a file, a folder or a symlink into the new `folder`; raises what `unpack` does."""
    _unpack(pieces, _Lent(folder, largest))


def _unpack(pieces: Iterable[bytes], unpacking: _Unpacking) -> None:
    try:
        stream = io.BufferedReader(_Stream(pieces), _BLOCK)
        with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as tar:
            for member in tar:
                unpacking.take(member, tar)
    except (tarfile.TarError, EOFError) as error:
        raise UnsafeOutput(f"what the step left came in a broken archive: {error}") from error
    unpacking.link()


class _Unpacking:
    def __init__(self, folder: Path, largest: int) -> None:
        self._folder = folder
        self._largest = largest
        self._top: str | None = None
        self._links: dict[str, str] = {}
        self.paths: set[str] = set()

    def take(self, member: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
        """Make what `member` stands for."""
        name = member.name.rstrip("/")
        if self._top is None:
            self._begin(member, name)
            return
        path = self._below(name)
        if path in self.paths:
            raise UnsafeOutput(f"/out/{path} comes twice")
        self.paths.add(path)
        try:
            self._make(member, path, tar)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise UnsafeOutput(f"/out/{_short(path)} is too deep, or has too long a name") from error
            if error.errno not in _UNFIT:
                raise
            raise UnsafeOutput(f"/out/{_short(path)} can't be laid out: {error.strerror}") from error

    def link(self) -> None:
        """Make the symlinks, when nothing is made any more that could go through one."""
        for path, target in self._links.items():
            os.symlink(target, self._folder / path)

    def _begin(self, member: tarfile.TarInfo, name: str) -> None:
        if not member.isdir():
            raise UnsafeOutput("/out was replaced by something that isn't a folder")
        self._top = name
        self._folder.mkdir(0o700)

    def _below(self, name: str) -> str:
        top, slash, path = name.partition("/")
        parts = path.split("/")
        if top != self._top or not slash or {"", ".", ".."} & set(parts) or "\0" in path:
            raise UnsafeOutput(f"the archive of /out has a member that leads out of it: {name!r}")
        return path

    def _make(self, member: tarfile.TarInfo, path: str, tar: tarfile.TarFile) -> None:
        target = self._folder / path
        if member.isdir():
            target.mkdir(0o700)
        elif member.issym():
            self._links[path] = member.linkname
        elif member.islnk():
            self._copy_link(self._below(member.linkname), target)
        elif member.isreg():
            self._write(member, target, tar)
        else:
            raise UnsafeOutput(f"/out/{path} is {_KINDS.get(member.type, 'of no kind that is taken')}")

    def _copy_link(self, first: str, target: Path) -> None:
        if first in self._links:
            self._links[str(target.relative_to(self._folder))] = self._links[first]
        elif first not in self.paths:
            raise UnsafeOutput(f"/out/{first} is linked to before it is there")
        else:
            os.link(self._folder / first, target, follow_symlinks=False)

    def _write(self, member: tarfile.TarInfo, target: Path, tar: tarfile.TarFile) -> None:
        if member.size > self._largest:
            raise UnsafeOutput(f"/out/{target.name} is larger than a file may be: {member.size} bytes")
        content: IO[bytes] | None = tar.extractfile(member)
        assert content is not None
        mode = 0o700 if member.mode & 0o111 else 0o600
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(target, flags, mode), "wb") as file:
            while piece := content.read(_BLOCK):
                if piece.count(0) == len(piece):
                    file.seek(len(piece), os.SEEK_CUR)
                else:
                    file.write(piece)
            file.truncate(member.size)


class _Lenient(_Unpacking):
    """Leaves out what the other refuses."""

    def __init__(self, folder: Path, largest: int, omitted: list[str]) -> None:
        super().__init__(folder, largest)
        self._omitted = omitted

    def take(self, member: tarfile.TarInfo, tar: tarfile.TarFile) -> None:
        try:
            super().take(member, tar)
        except UnsafeOutput as error:
            self._omitted.append(error.message)
        else:
            self._largest -= member.size if member.isreg() else 0

    def link(self) -> None:
        for path, target in self._links.items():
            with suppress(OSError):  # its folder was left out
                os.symlink(target, self._folder / path)


def _short(path: str) -> str:
    return path if len(path) <= 60 else f"{path[:60]}…"


class _Lent(_Unpacking):
    """Its top may be anything, and is laid into the folder as it is called."""

    def __init__(self, folder: Path, largest: int) -> None:
        super().__init__(folder, largest)
        folder.mkdir(0o700)
        self._top = ""

    def _below(self, name: str) -> str:
        if {"", ".", ".."} & set(name.split("/")) or "\0" in name:
            raise UnsafeOutput(f"the archive of /work has a member that leads out of it: {name!r}")
        return name
