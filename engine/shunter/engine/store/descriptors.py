"""Opening what a container left, by descriptor, so that nothing in it can lead anywhere else."""

from __future__ import annotations

import os
import stat

_CAREFUL = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def open_folder(name: str, parent: int | None = None) -> int:
    """A descriptor of the folder `name` of `parent`, which its owner may then list and change.

    A symlink isn't followed: raises NotADirectoryError, as for anything else that is no folder.
    """
    handle = _open(name, parent, _CAREFUL | os.O_DIRECTORY)
    try:
        mode = os.fstat(handle).st_mode
        if mode & stat.S_IRWXU != stat.S_IRWXU:
            os.fchmod(handle, stat.S_IRWXU)
    except BaseException:
        os.close(handle)
        raise
    return handle


def open_file(name: str, parent: int | None = None) -> int:
    """A descriptor to read the file `name` of `parent`, whatever its mode is; symlinks aren't followed."""
    return _open(name, parent, _CAREFUL)


def _open(name: str, parent: int | None, flags: int) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except PermissionError:
        _unlock(name, parent)
        return os.open(name, flags, dir_fd=parent)


def _unlock(name: str, parent: int | None) -> None:
    """Give the owner all rights, by a descriptor that needs none: chmod by name would follow a symlink."""
    handle = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        if not stat.S_ISLNK(os.fstat(handle).st_mode):
            os.chmod(f"/proc/self/fd/{handle}", stat.S_IRWXU)
    finally:
        os.close(handle)
