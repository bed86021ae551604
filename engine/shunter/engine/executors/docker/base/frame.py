"""What the root of every container has in common, whatever image it is made of."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Collection, Iterator
from typing import Final

from shunter.engine.executors.sandbox.hostroot import MADE

STEP: Final = 1000
"""The uid and gid of steps in their containers."""

TIME: Final = 315532800
"""When all files of images were written: 1980-01-01."""

_FOLDERS: Final = ("in", "proc", "dev", "sys", "run")
_OWN: Final = ("work", "work/out", "work/tmp")
_LINKS: Final = {"out": "work/out", "tmp": "work/tmp"}
_FILES: Final = {path.lstrip("/"): content for path, content in MADE.items()}

TOPS: Final = frozenset(path.partition("/")[0] for path in _FILES)
"""Folders of the root that the frame has files in: they are folders, whatever an image has there."""

FRAME: Final = frozenset((*_FOLDERS, *_OWN, *_LINKS, *_FILES, "etc/shadow", "etc/gshadow", "etc/resolv.conf"))
"""Paths that nothing of an image's own is taken at, nor below."""


def write_frame(tar: tarfile.TarFile, *, there: Collection[str]) -> None:
    """Add the frame to the tar of a root file system; the paths `there` are in it already."""
    for info, content in frame():
        if info.name not in there:
            tar.addfile(info, io.BytesIO(content))


def frame() -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """The frame's members; a folder comes before what is in it."""
    for name in (*_FOLDERS, *sorted(TOPS)):
        yield _folder(name, 0), b""
    for name in _OWN:
        yield _folder(name, STEP), b""
    for name, target in _LINKS.items():
        yield link(name, target), b""
    for name, content in _FILES.items():
        yield file(name, content), content


def file(name: str, content: bytes) -> tarfile.TarInfo:
    """A plain file of root's."""
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), 0o644, TIME
    return info


def link(name: str, target: str) -> tarfile.TarInfo:
    """A symlink."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mtime, info.mode = tarfile.SYMTYPE, target, TIME, 0o777
    return info


def folder(name: str) -> tarfile.TarInfo:
    """A folder of root's."""
    return _folder(name, 0)


def _folder(name: str, owner: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, TIME
    info.uid = info.gid = owner
    return info
