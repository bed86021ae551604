"""Taking what a container left, by rename, trusting nothing of it.

Everything that ran in the container is dead by then. What is taken: files, folders and symlinks that
stay inside; what is kept of a file's mode: the executable bit of its owner.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from enum import Enum
from typing import Final

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs, blob_mode
from shunter.engine.store.descriptors import open_file, open_folder
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.links import leads_outside
from shunter.engine.store.names import shown, to_text
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree, tree_of

_GONE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})
"""What opening a name without following it says where it isn't any more what it was a moment ago."""


@dataclass(frozen=True, slots=True)
class TakeLimits:
    """What a container may leave; sizes are bytes.

    A file larger than `sparse` of which less than a sixteenth is on disk is refused: it costs its
    maker nothing, and everybody else its full size.
    """

    entries: int = 1_000_000
    depth: int = 256
    file_size: int = 64 << 30
    total_size: int = 256 << 30
    sparse: int = 1 << 30


class Owner(Enum):
    """Who has what is taken: nobody any more, so that it is moved, or a step that runs: that is copied."""

    NOBODY = "nobody"
    STEP = "step"


def take_folder(folder: str | int, blobs: Blobs, limits: TakeLimits) -> Tree:
    """Move all files below `folder` (a path or a descriptor) into `blobs`; raises UnsafeOutput."""
    top = os.dup(folder) if isinstance(folder, int) else open_folder(folder)
    return Taking(blobs, limits).run(top)


def take_file(name: str, blobs: Blobs, limits: TakeLimits) -> FileEntry:
    """Move one file into `blobs`; raises UnsafeOutput."""
    return Taking(blobs, limits).file(name, os.path.basename(name), None)


def borrow(top: str, path: str, blobs: Blobs, limits: TakeLimits) -> FileEntry | Tree | None:
    """A copy of the file or folder at `path` below `top`, of a step that runs; None where nothing is.

    No symlink on the way is followed, and what changes meanwhile is refused: raises UnsafeOutput.
    """
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts):
        raise UnsafeOutput("the path isn't a plain one")
    parent = open_folder(top)
    try:
        for part in parts[:-1]:
            parent, outer = open_folder(part, parent), parent
            os.close(outer)
        return Taking(blobs, limits, owner=Owner.STEP).at(parts[-1], path, parent)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        if error.errno in _GONE:
            through = "a symlink, or something that is no folder"
            raise UnsafeOutput(f"{shown(path)} leads through {through}") from None
        raise
    finally:
        os.close(parent)


@dataclass(slots=True)
class _Level:
    """An open folder, its path with a slash at the end, and the names in it that are still to come."""

    handle: int
    prefix: str
    names: list[str]


class Taking:
    """Takes a folder or a file. What can't be taken is an error, or with `omitted` a line there."""

    def __init__(
        self,
        blobs: Blobs,
        limits: TakeLimits,
        *,
        omitted: list[str] | None = None,
        owner: Owner = Owner.NOBODY,
    ) -> None:
        self._owner = owner
        self._blobs = blobs
        self._limits = limits
        self._omitted = omitted
        self._entries: list[tuple[str, Entry]] = []
        self._total = 0
        self._listed = 0

    def run(self, top: int) -> Tree:
        """Everything below the open folder `top`, which is closed; UnsafeOutput has what was taken before."""
        try:
            return _checked(tree_of(self.gather(top)))
        except UnsafeOutput as error:
            error.taken = tree_of(self._entries)
            raise

    def gather(self, top: int) -> list[tuple[str, Entry]]:
        """The entries below `top`, in any order, whatever their symlinks lead to."""
        levels = [_Level(top, "", [])]
        try:
            levels[0].names = self._list(top)
            while levels:
                if not levels[-1].names:
                    os.close(levels.pop().handle)
                    continue
                inner = self._take(levels[-1], levels[-1].names.pop(), len(levels))
                if inner is not None:
                    levels.append(inner)
                    inner.names = self._list(inner.handle)
        finally:
            for level in levels:
                os.close(level.handle)
        return self._entries

    def at(self, name: str, path: str, parent: int) -> FileEntry | Tree:
        """What is called `name` in the open folder `parent`: a file or a whole folder."""
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            return self.run(open_folder(name, parent))
        if not stat.S_ISREG(mode):
            raise UnsafeOutput(f"{shown(path)} is {kind_of(mode)}; a file or a folder can be handed over")
        return self.file(name, path, parent)

    def _list(self, handle: int) -> list[str]:
        names = []
        with os.scandir(handle) as found:
            for entry in found:
                self._listed += 1
                if self._listed > self._limits.entries:
                    self._refuse(f"more than {self._limits.entries} files and folders were left")
                    break
                names.append(entry.name)
        return names

    def _take(self, level: _Level, name: str, depth: int) -> _Level | None:
        """Take one name; a folder comes back open, to go on with."""
        path = level.prefix + to_text(os.fsencode(name))
        try:
            return self._take_path(level, name, path, depth)
        except UnsafeOutput as error:
            if self._omitted is None:
                raise
            self._omitted.append(error.message)
        except OSError as error:
            if error.errno not in _GONE:
                raise
            self._refuse(_swapped(path))
        return None

    def _take_path(self, level: _Level, name: str, path: str, depth: int) -> _Level | None:
        mode = os.stat(name, dir_fd=level.handle, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            if depth > self._limits.depth:
                raise UnsafeOutput(f"{shown(path)} is more than {self._limits.depth} folders deep")
            self._entries.append((path, FolderEntry()))
            return _Level(open_folder(name, level.handle), path + "/", [])
        self._entries.append((path, self._leaf(name, path, mode, level.handle)))
        return None

    def _refuse(self, message: str) -> None:
        if self._omitted is None:
            raise UnsafeOutput(message)
        if self._omitted[-1:] != [message]:
            self._omitted.append(message)

    def _leaf(self, name: str, path: str, mode: int, parent: int) -> Entry:
        if stat.S_ISREG(mode):
            return self.file(name, path, parent)
        if stat.S_ISLNK(mode):
            return LinkEntry(to_text(os.fsencode(os.readlink(name, dir_fd=parent))))
        raise UnsafeOutput(f"{shown(path)} is {kind_of(mode)}; only files, folders and symlinks can be taken")

    def file(self, name: str, path: str, parent: int | None) -> FileEntry:
        """Take the file `name` of the open folder `parent`; `path` is what messages call it."""
        handle = open_file(name, parent)
        try:
            return self._open_file(handle, name, path, parent)
        finally:
            os.close(handle)

    def _open_file(self, handle: int, name: str, path: str, parent: int | None) -> FileEntry:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise UnsafeOutput(f"{shown(path)} is {kind_of(found.st_mode)}; it was a file a moment ago")
        self._check_size(handle, path, found)
        executable = bool(found.st_mode & stat.S_IXUSR)
        if found.st_size <= content.SMALL:
            digest = digest_bytes(content.read_all(handle, found.st_size))
        else:
            digest = content.digest_of(handle)
        if self._owner is Owner.STEP:
            self._copy(handle, digest, path, found, executable=executable)
        elif self._blobs.keep(digest, found.st_size, executable=executable):
            os.unlink(name, dir_fd=parent)
        elif found.st_nlink > 1 or found.st_dev != self._blobs.device:
            if not self._blobs.add_copy(handle, digest, executable=executable):
                raise UnsafeOutput(_swapped(path))
            os.unlink(name, dir_fd=parent)
        else:
            _own(handle, found, executable=executable)
            if not self._blobs.move_in(name, digest, executable=executable, parent=parent, of=handle):
                raise UnsafeOutput(_swapped(path))
        return FileEntry(digest, found.st_size, executable)

    def _copy(
        self, handle: int, digest: Digest, path: str, found: os.stat_result, *, executable: bool
    ) -> None:
        if self._blobs.keep(digest, found.st_size, executable=executable):
            return
        if not self._blobs.add_copy(handle, digest, executable=executable):
            raise UnsafeOutput(_swapped(path))

    def _check_size(self, handle: int, path: str, found: os.stat_result) -> None:
        limits = self._limits
        if found.st_size > limits.file_size:
            raise UnsafeOutput(
                f"{shown(path)} has {found.st_size} bytes; at most {limits.file_size} are allowed"
            )
        if self._total + found.st_size > limits.total_size:
            raise UnsafeOutput(f"more than {limits.total_size} bytes were left, {shown(path)} included")
        if found.st_size > limits.sparse and _is_sparse(found):
            os.fdatasync(handle)  # some file systems count the blocks only once they are written
            if _is_sparse(os.fstat(handle)):
                raise UnsafeOutput(f"{shown(path)} claims {found.st_size} bytes, nearly all of them holes")
        self._total += found.st_size


def _swapped(path: str) -> str:
    return f"{shown(path)} was changed while it was being taken"


def _is_sparse(found: os.stat_result) -> bool:
    return found.st_blocks * 512 * 16 < found.st_size


def _own(handle: int, found: os.stat_result, *, executable: bool) -> None:
    """Make the file ours; the mode comes last, since a change of owner resets bits of it."""
    if os.geteuid() == 0 and (found.st_uid, found.st_gid) != (0, os.getegid()):
        os.fchown(handle, 0, os.getegid())
    os.fchmod(handle, blob_mode(executable=executable))


def _checked(tree: Tree) -> Tree:
    for path, entry in tree.entries:
        if isinstance(entry, LinkEntry) and leads_outside(tree, path):
            raise UnsafeOutput(
                f"the symlink {shown(path)} leads to {shown(entry.target)}, outside of what was left"
            )
    return tree


def kind_of(mode: int) -> str:
    """What a file of mode `mode` is, with its article."""
    kinds = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symlink",
        stat.S_IFREG: "a file",
    }
    return kinds.get(stat.S_IFMT(mode), "of an unknown kind")
