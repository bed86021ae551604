"""A folder as a layer: the same content, the same bytes."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from shunter.sdk import Directory, Failure

from .base import LAYER, Blob


def write_layer(folder: Directory, path: str, target: Path) -> Blob:
    """The layer that puts what is in `folder` at `path` of an image."""
    top = "/".join(part for part in path.split("/") if part not in ("", "."))
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for parent in _parents(top):
            archive.addfile(_info(parent, tarfile.DIRTYPE, 0o755))
        for relative, place in _entries(folder):
            _add(archive, f"{top}/{relative}" if top else relative, place)
    with target.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Blob(target, digest, target.stat().st_size, LAYER)


def _parents(top: str) -> list[str]:
    parts = top.split("/") if top else []
    return ["/".join(parts[: length + 1]) for length in range(len(parts))]


def _entries(folder: Directory) -> Iterator[tuple[str, Path]]:
    found = sorted(folder.path.rglob("*"), key=lambda place: place.relative_to(folder.path).parts)
    for place in found:
        name = place.relative_to(folder.path).as_posix()
        if place.name.startswith(".wh."):
            raise Failure(f"{name} would remove a file of the image below: no name may begin with .wh.")
        yield name, place


def _add(archive: tarfile.TarFile, name: str, place: Path) -> None:
    if place.is_symlink():
        info = _info(name, tarfile.SYMTYPE, 0o777)
        info.linkname = os.readlink(place)
        archive.addfile(info)
    elif place.is_dir():
        archive.addfile(_info(name, tarfile.DIRTYPE, 0o755))
    else:
        status = place.stat()
        info = _info(name, tarfile.REGTYPE, 0o755 if status.st_mode & 0o100 else 0o644)
        info.size = status.st_size
        with place.open("rb") as source:
            archive.addfile(info, source)


def _info(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.mode = kind, mode
    return info
