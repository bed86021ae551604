"""Files that people write (plans, manifests, code, values): read whole, and never for ever."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def read_small_file(path: Path, *, most: int) -> bytes:
    """The content of the file at `path`; raises OSError, also where it has more than `most` bytes.

    A pipe that nobody writes to is empty rather than waited for; one that somebody writes to, as in
    `<(command)`, is read to its end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as stream:
        os.set_blocking(descriptor, True)
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
    return content
