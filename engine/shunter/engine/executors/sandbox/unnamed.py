"""Files that a container has removed and holds open still: they take room, and no folder shows them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress


def unnamed_size(init: int, device: int) -> int:
    """Bytes of those on `device` that processes of the container hold whose init is `init`."""
    found: dict[int, int] = {}
    for path in _open_files(f"/proc/{init}/root/proc"):
        with suppress(OSError):
            seen = os.stat(path)
            if stat.S_ISREG(seen.st_mode) and seen.st_nlink == 0 and seen.st_dev == device:
                found[seen.st_ino] = seen.st_blocks * 512
    return sum(found.values())


def _open_files(processes: str) -> Iterator[str]:
    """What leads to each open file of the container's own `/proc`."""
    with suppress(OSError):
        for process in filter(str.isdigit, os.listdir(processes)):
            folder = f"{processes}/{process}/fd"
            with suppress(OSError):
                yield from (f"{folder}/{number}" for number in os.listdir(folder))
