"""A folder at a glance: one digest of all that `stat` says of what is in it, with no file opened.

Where it is what it was, no name, no file and no symlink below the folder has changed since; of the folders
themselves it has the names alone, since what is in them is listed anyway.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Sequence

from shunter.engine.digest import Digest
from shunter.engine.store.statcache import SIGNED, is_settled

_FOLDER = (stat.S_IFDIR, 0, 0, 0, 0, 0)
_WIDTH = len(_FOLDER)
_MODIFIED, _CHANGED = 2, 3


class Glance:
    """Takes in a folder level by level."""

    def __init__(self) -> None:
        from blake3 import blake3

        self._hasher = blake3()
        self._newest = 0

    def add(self, prefix: bytes, names: Sequence[bytes], found: Sequence[os.stat_result]) -> None:
        """Take in one folder: its relative path, and the names in it with what `lstat` says of them."""
        numbers: list[int] = []
        for one in found:
            numbers += _FOLDER if stat.S_ISDIR(one.st_mode) else _numbers(one)
        self._hasher.update(b"%d %s\0%s\0" % (len(names), prefix, b"\0".join(names)))
        self._hasher.update(array("q", numbers).tobytes())
        self._newest = max([self._newest, *numbers[_MODIFIED::_WIDTH], *numbers[_CHANGED::_WIDTH]])

    @property
    def digest(self) -> Digest:
        """What was seen so far, in the order in which it came."""
        return Digest(self._hasher.hexdigest())

    def is_settled(self, now: int) -> bool:
        """Whether a change from `now` on, in nanoseconds since the epoch, would show."""
        return is_settled((0, self._newest, self._newest, 0, 0), now)


def _numbers(found: os.stat_result) -> tuple[int, ...]:
    inode, device = found.st_ino & SIGNED, found.st_dev & SIGNED
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, inode, device
