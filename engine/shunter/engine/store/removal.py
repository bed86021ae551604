"""Removing a folder of any depth and with any modes, never following a symlink.

`shutil.rmtree` recurses, and stops at folders without permissions.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.store.descriptors import open_folder
from shunter.engine.store.seal import unlink_sealed


def remove_folder(path: Path) -> None:
    """Remove the folder at `path` with all that is in it; raises OSError where it can't be done."""
    with suppress(OSError):
        os.rmdir(path)  # nothing may be left in it
        return
    try:
        removal = _Removal(open_folder(os.fspath(path)))
    except FileNotFoundError:
        return
    try:
        removal.empty()
    finally:
        removal.close()
    os.rmdir(path)


@dataclass(frozen=True, slots=True)
class _Level:
    """A folder on the way down: its name, its identity, and the folders in it that are still there."""

    name: str
    identity: tuple[int, int]
    folders: list[str]


class _Removal:
    """Goes down and up with one open folder at a time, so that no depth exhausts the descriptors."""

    def __init__(self, here: int) -> None:
        self._here = here

    def close(self) -> None:
        os.close(self._here)

    def empty(self) -> None:
        levels = [self._level("")]
        while levels[-1].folders or len(levels) > 1:
            if levels[-1].folders:
                name = levels[-1].folders.pop()
                if self._was_empty(name):
                    continue
                self._move(open_folder(name, self._here))
                levels.append(self._level(name))
            else:
                self._move(self._parent(levels[-2].identity))
                os.rmdir(levels.pop().name, dir_fd=self._here)

    def _was_empty(self, name: str) -> bool:
        """Remove a folder that has nothing in it, as most of a step's have, without looking into it."""
        try:
            os.rmdir(name, dir_fd=self._here)
        except OSError:
            return False
        return True

    def _move(self, there: int) -> None:
        os.close(self._here)
        self._here = there

    def _parent(self, identity: tuple[int, int]) -> int:
        above = os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self._here)
        if _identity(above) != identity:
            os.close(above)
            raise OSError("a folder was moved while it was being removed")
        return above

    def _level(self, name: str) -> _Level:
        with os.scandir(self._here) as entries:
            listed = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for found, is_folder in listed:
            if not is_folder:
                unlink_sealed(found, self._here)
        return _Level(name, _identity(self._here), [found for found, is_folder in listed if is_folder])


def _identity(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_dev, found.st_ino
