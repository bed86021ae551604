"""Reading, copying and hashing the content of files by descriptor."""

from __future__ import annotations

import errno
import os

from shunter.engine.digest import Digest

SMALL = 1 << 20
"""Files of up to this many bytes are read at once; larger ones in pieces of this size."""

_NO_CLONE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ETXTBSY, errno.EPERM}


def digest_of(handle: int) -> Digest:
    """The digest of a file from its beginning to its end.

    It is read rather than mapped: a mapped file that somebody cuts short meanwhile ends the process.
    One thread is as fast as a disk, and leaves the other cores to the steps.
    """
    from blake3 import blake3

    hasher = blake3()
    piece = bytearray(min(SMALL, os.fstat(handle).st_size + 1))
    view = memoryview(piece)
    offset = 0
    while count := os.preadv(handle, [piece], offset):
        hasher.update(view[:count])
        offset += count
    return Digest(hasher.hexdigest())


def copy_content(source: int, target: int) -> None:
    """Copy all of `source` to the empty file `target`, sharing the blocks where the file system can."""
    try:
        copied = _copy_in_kernel(source, target)
    except OSError as error:
        if error.errno not in _NO_CLONE:
            raise
        copied = 0
    _copy_rest(source, target, copied)


def _copy_in_kernel(source: int, target: int) -> int:
    copied = 0
    while count := os.copy_file_range(source, target, 1 << 30, copied, copied):
        copied += count
    return copied


def _copy_rest(source: int, target: int, copied: int) -> None:
    """The kernel copies nothing of files that have no size of their own, as in /proc."""
    while piece := os.pread(source, SMALL, copied):
        write_all(target, piece, copied)
        copied += len(piece)


def write_all(target: int, content: bytes, offset: int = 0) -> None:
    """Write all of `content` at `offset`."""
    view = memoryview(content)
    while view:
        count = os.pwrite(target, view, offset)
        view = view[count:]
        offset += count


def read_all(source: int, size: int) -> bytes:
    """The content of a file that had `size` bytes a moment ago; whatever it has now."""
    pieces = [os.read(source, size + 1)]
    while len(pieces[-1]) > size:
        size = 0
        pieces.append(os.read(source, SMALL))
    return b"".join(pieces)
