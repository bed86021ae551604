"""Copies of inputs, which themselves can only be read."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator


def writable_copy(source: os.PathLike[str], target: os.PathLike[str] | str) -> None:
    """Copy the folder `source` to `target`: links stay links, and everything else can be written."""
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, copy_function=_copy)
    for path in _folders(target):
        os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) | stat.S_IRWXU)


def _copy(source: str, target: str) -> str:
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    else:
        shutil.copyfile(source, target)
        os.chmod(target, stat.S_IMODE(os.stat(source).st_mode) | stat.S_IRUSR | stat.S_IWUSR)
    return target


def _folders(top: os.PathLike[str] | str) -> Iterator[str]:
    """Every folder, an outer one first: it may be closed until its mode is changed."""
    for folder, _, _ in os.walk(top):
        yield folder
