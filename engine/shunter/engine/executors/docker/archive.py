"""Folders and files of this machine as a tar for a daemon.

Everything belongs to root and has no mode to write, so that a step can change none of it.
"""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO

from shunter.engine.executors.docker.base.frame import STEP, TIME
from shunter.engine.executors.local.workspace import Bind


def pack(binds: Iterable[Bind], target: IO[bytes]) -> None:
    """Write what `binds` show, at its paths in the container, to `target` as a tar.

    A bind that lies in another one's folder comes later, as it has to.
    """
    with tarfile.open(
        fileobj=target, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape"
    ) as tar:
        for bind in binds:
            _add(tar, bind.source, bind.target.lstrip("/"), frozenset())


def pack_work(folder: Path, target: IO[bytes]) -> None:
    """Write what is in `folder` to `target` as a tar of /work, all of it the step's own."""
    with tarfile.open(
        fileobj=target, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape"
    ) as tar:
        tar.add(folder, "work", filter=_steps_own)


def _steps_own(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = STEP
    info.uname = info.gname = ""
    info.mode |= 0o700 if info.isdir() else 0o600
    return info


def add_folder(
    tar: tarfile.TarFile, folder: Path, *, without: Collection[str], folders: Collection[str]
) -> None:
    """Add what lies in `folder` to a tar's top, but for the paths `without` and what lies below them.

    Of the names `folders` no symlink is taken.
    """
    for name in sorted(os.listdir(folder)):
        if name not in folders or not (folder / name).is_symlink():
            _add(tar, folder / name, name, without)


def _add(tar: tarfile.TarFile, path: Path, name: str, without: Collection[str]) -> None:
    if name in without:
        return
    mode = path.lstat().st_mode
    info = tarfile.TarInfo(name)
    info.mtime = TIME
    if stat.S_ISLNK(mode):
        info.type, info.linkname = tarfile.SYMTYPE, os.readlink(path)
        tar.addfile(info)
    elif stat.S_ISDIR(mode):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(info)
        for entry in sorted(os.listdir(path)):
            _add(tar, path / entry, f"{name}/{entry}", without)
    else:
        info.mode = 0o555 if mode & 0o111 else 0o444
        with path.open("rb") as content:
            info.size = os.fstat(content.fileno()).st_size
            tar.addfile(info, content)
