"""Archives whose bytes follow from their content alone."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from shunter.sdk import Directory, Failure, File, output

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold


def write_zip(folder: Directory, name: str) -> File:
    """A zip file of everything in `folder`; raises Failure for what a zip file can't hold."""
    path = output(name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for relative, place in _entries(folder):
            info = zipfile.ZipInfo(relative + "/" if _is_folder(place) else relative, EPOCH)
            info.external_attr = _mode(place) << 16
            info.create_system = 3  # Unix: the mode counts
            info.compress_type = zipfile.ZIP_DEFLATED
            if _is_folder(place):
                archive.writestr(info, b"")
            elif place.is_symlink():
                archive.writestr(info, os.fsencode(os.readlink(place)))
            else:
                with place.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    return File(path)


def write_tar(folder: Directory, name: str) -> File:
    """A tar.gz file of everything in `folder`."""
    path = output(name)
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for relative, place in _entries(folder):
            _add_to_tar(archive, relative, place)
    return File(path)


def _add_to_tar(archive: tarfile.TarFile, relative: str, place: Path) -> None:
    info = tarfile.TarInfo(relative)
    info.mode = stat.S_IMODE(_mode(place))
    if place.is_symlink():
        info.type, info.linkname = tarfile.SYMTYPE, os.readlink(place)
        archive.addfile(info)
    elif place.is_dir():
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    else:
        info.size = place.stat().st_size
        with place.open("rb") as source:
            archive.addfile(info, source)


def _entries(folder: Directory) -> Iterator[tuple[str, Path]]:
    """Everything below `folder`, with its relative path, in the order of the paths."""
    found = sorted(folder.path.rglob("*"), key=lambda place: place.relative_to(folder.path).parts)
    for place in found:
        if not (place.is_symlink() or place.is_dir() or place.is_file()):
            raise Failure(f"{place.relative_to(folder.path)} is neither a file, a folder nor a link")
        yield place.relative_to(folder.path).as_posix(), place


def _is_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _mode(place: Path) -> int:
    """The kind, and whether it can be executed; nothing else of the rights."""
    if place.is_symlink():
        return stat.S_IFLNK | 0o777
    if place.is_dir():
        return stat.S_IFDIR | 0o755
    return stat.S_IFREG | (0o755 if place.stat().st_mode & 0o100 else 0o644)
