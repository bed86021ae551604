"""Looking for secrets in what a container left behind."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.descriptors import open_file, open_folder

_PIECE: Final = 1 << 20
_DEEPEST: Final = 256
"""As deep as a store takes folders; whatever lies deeper it refuses."""


def leaks(folder: Path, redactor: Redactor) -> Iterator[str]:
    """The paths below `folder` that hold a value: in the name, in the content, as the target of a link.

    A path is relative, and without the value where that is in its name. No link is followed, and what no
    store takes (sockets, pipes, devices) is passed over. All that ran in the folder has to be dead; what was
    closed to its owner is opened. Raises OSError.
    """
    yield from map(redactor.strike_text, _found(folder, redactor))


def scrub(folder: Path, redactor: Redactor) -> list[str]:
    """Remove what holds a value from a folder that is to be kept, such as a failed step's; what that was.

    Files are removed and not changed, so that nothing looks whole that isn't. Raises OSError.
    """
    if not redactor:
        return []
    found = list(_found(folder, redactor))
    for path in reversed(found):  # what lies in a folder before the folder itself
        place = folder / path
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif os.path.lexists(place):
            place.unlink()
    return [redactor.strike_text(path) for path in found]


def _found(folder: Path, redactor: Redactor) -> Iterator[str]:
    top = open_folder(os.fspath(folder))
    try:
        yield from _holding(top, "", redactor, 1)
    finally:
        os.close(top)


def leak_of(folder: Path, revealed: Revealed) -> str | None:
    """Where below `folder` one of the secrets is that the container was given; None where none is."""
    return next(leaks(folder, _given(revealed)), None) if revealed.files else None


def was_printed(path: Path, revealed: Revealed) -> bool:
    """Whether one of the secrets that the container was given is in the file at `path`."""
    if not revealed.files:
        return False
    with path.open("rb") as stream:
        return is_in(stream, _given(revealed))


def is_in(stream: BinaryIO, redactor: Redactor) -> bool:
    """Whether a value is in what is left of `stream`, also over the end of a piece that is read at once."""
    held = b""
    while piece := stream.read(_PIECE):
        held += piece
        if redactor.holds(held):
            return True
        held = held[-redactor.reach :]
    return False


def _given(revealed: Revealed) -> Redactor:
    return Redactor(value.decode() for value in revealed.files.values())


def _holding(folder: int, prefix: str, redactor: Redactor, depth: int) -> Iterator[str]:
    for name in sorted(os.listdir(folder)):
        path = prefix + name
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if redactor.holds(os.fsencode(path)) or _holds(name, mode, folder, redactor):
            yield path
        if stat.S_ISDIR(mode) and depth < _DEEPEST:
            inner = open_folder(name, folder)
            try:
                yield from _holding(inner, path + "/", redactor, depth + 1)
            finally:
                os.close(inner)


def _holds(name: str, mode: int, folder: int, redactor: Redactor) -> bool:
    if stat.S_ISLNK(mode):
        return redactor.holds(os.fsencode(os.readlink(name, dir_fd=folder)))
    if not stat.S_ISREG(mode):
        return False
    with open(open_file(name, folder), "rb") as stream:
        return is_in(stream, redactor)
