"""What files take on a disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

BLOCK = 512
"""What `st_blocks` counts in, whatever the file system's own blocks are."""


def bytes_of(found: os.stat_result) -> int:
    """What one file takes."""
    return found.st_blocks * BLOCK


def usage(path: Path | str) -> int:
    """What a file or a folder takes with all that is in it, each inode once; what vanishes is nothing."""
    seen: set[int] = set()
    total = 0
    for found in _all(os.fspath(path)):
        if found.st_ino not in seen:
            seen.add(found.st_ino)
            total += bytes_of(found)
    return total


def _all(path: str) -> Iterator[os.stat_result]:
    try:
        yield os.lstat(path)
    except OSError:
        return
    pending = [path]
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
        except OSError:
            continue
