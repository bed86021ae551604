"""What is handed to a container as a tar, where its daemon can't see the files of this machine."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from shunter.engine.executors.sandbox.workspace import Bind


def pack(binds: Iterable[Bind], target: IO[bytes]) -> None:
    """Write what `binds` show, at its paths in the container, to `target` as a tar.

    Everything belongs to root and has no mode to write, so a step can change none of it. A bind that lies in
    another one's folder comes later, as it has to.
    """
    with tarfile.open(
        fileobj=target, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape", encoding="utf-8"
    ) as tar:
        for bind in binds:
            _add(tar, bind.source, bind.target.lstrip("/"))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    mode = path.lstat().st_mode
    info = tarfile.TarInfo(name)
    if stat.S_ISLNK(mode):
        info.type, info.linkname = tarfile.SYMTYPE, os.readlink(path)
        tar.addfile(info)
    elif stat.S_ISDIR(mode):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(info)
        with os.scandir(path) as entries:
            below = sorted(entry.name for entry in entries)
        for entry in below:
            _add(tar, path / entry, f"{name}/{entry}")
    else:
        info.mode = 0o555 if mode & 0o111 else 0o444
        with path.open("rb") as content:
            info.size = os.fstat(content.fileno()).st_size
            tar.addfile(info, content)
