"""Seals: whether anybody has touched a file of the store since its content was last known to be right.

A sealed file's time of modification was set by us: it is within moments of its time of change, and its last
bits are a mark that the inode's number gives. Writing to a file moves the first, and whatever is done to a
file or to its times moves the second, which nobody can set. Renaming and linking move it, too: a file whose
seal is broken is read again, and sealed again where it is right.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

_MARK_BITS = 24
"""About 17 ms of a time in nanoseconds."""

_MARK = (1 << _MARK_BITS) - 1
_MOMENTS = 50_000_000
"""Nanoseconds between the two times at most: kernels count changes in ticks, and we may have to wait for the
processor between asking for the time and setting it."""

_UTIME_OMIT = (1 << 30) - 2


def is_sealed(found: os.stat_result) -> bool:
    """Whether nothing was done to the file or folder since it was sealed."""
    modified = found.st_mtime_ns
    return -_MOMENTS < found.st_ctime_ns - modified < _MOMENTS and modified & _MARK == _mark(found.st_ino)


def set_seal(path: str | bytes, parent: int | None = None) -> None:
    """Seal what is at `path` (of the open folder `parent`), whose content is right.

    Without effect where the home can't be written.
    """
    with suppress(OSError):
        modified = _moment(os.stat(path, dir_fd=parent, follow_symlinks=False).st_ino)
        os.utime(path, ns=(modified, modified), dir_fd=parent, follow_symlinks=False)


def seal_open(handle: int) -> None:
    """Seal the open file `handle`; without effect where the home can't be written."""
    with suppress(OSError):
        modified = _moment(os.fstat(handle).st_ino)
        os.utime(handle, ns=(modified, modified))


def link_sealed(source: str | bytes, target: str | bytes, parent: int | None = None) -> None:
    """Hard-link `source` to `target` (of the open folder `parent`); a seal that is whole stays so."""
    sealed = is_sealed(os.stat(source, follow_symlinks=False))
    os.link(source, target, dst_dir_fd=parent, follow_symlinks=False)
    if sealed:
        set_seal(source)


def unlink_sealed(name: str, parent: int) -> None:
    """Remove a name in the open folder `parent`; for the other names of a file, a whole seal stays so.

    To remove it is no need of it.
    """
    found = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if found.st_nlink == 1 or not (stat.S_ISREG(found.st_mode) and is_sealed(found)):
        os.unlink(name, dir_fd=parent)
        return
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    try:
        os.unlink(name, dir_fd=parent)
        if os.path.samestat(os.fstat(handle), found):
            _seal_unneeded(handle, found.st_ino)
    finally:
        os.close(handle)


def _seal_unneeded(handle: int, inode: int) -> None:
    """Seal an open file without its access time, which somebody may be setting: `os.utime` sets both."""
    import ctypes

    times = (ctypes.c_long * 4)(0, _UTIME_OMIT, *divmod(_moment(inode), 1_000_000_000))
    ctypes.CDLL(None).futimens(handle, times)


def _moment(inode: int) -> int:
    """Now, with the mark of an inode, in nanoseconds since the epoch."""
    return time.time_ns() & ~_MARK | _mark(inode)


def _mark(inode: int) -> int:
    return inode * 0x9E3779B1 >> 4 & _MARK
