"""Archives opened with suspicion: nothing lands outside, nothing grows beyond its limit."""

from __future__ import annotations

import lzma
import os
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Literal, NamedTuple, TypeAlias

from shunter.sdk import Directory, Failure, File

Kind: TypeAlias = Literal["file", "folder", "link", "hard link", "other"]

MAX_MEMBERS = 1_000_000
PIECE = 1 << 20
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


class Content(NamedTuple):
    """A member: its path, its size unpacked as the archive claims it, and how to read it."""

    path: str
    kind: Kind
    size: int
    executable: bool
    target: str
    open: Callable[[], IO[bytes]]


def members(archive: File) -> list[Content]:
    """What is in `archive`; raises Failure when it is none."""
    with opened(archive) as contents:
        return list(contents)


def extract(archive: File, *, max_bytes: int) -> Directory:
    """A new folder with what is in `archive`; raises Failure for anything that is not to be trusted."""
    folder = Directory.create(_stem(archive.name))
    root = os.fspath(folder)
    left = max_bytes
    links: list[tuple[Content, str]] = []
    with opened(archive) as contents:
        for number, member in enumerate(contents):
            if number >= MAX_MEMBERS:
                raise Failure(f"{archive.name} has more than {MAX_MEMBERS:,} members")
            place = _place(root, member)
            if member.kind == "link":
                links.append((member, place))
            elif member.kind == "folder":
                _make_folder(place, member)
            else:
                left -= _write(member, place, left, max_bytes)
    for member, place in links:  # at the end, so that no member is written through a link
        _link(root, member, place)
    for member, place in links:  # once more, as a later link may have turned an earlier one
        _check_link(root, member, place)
    return folder


@contextmanager
def opened(archive: File) -> Iterator[Iterator[Content]]:
    """The members of `archive`, for as long as the block runs."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                yield (_of_zip(zipped, info) for info in zipped.infolist())
        else:
            with tarfile.open(archive) as tarred:
                yield (_of_tar(tarred, info) for info in tarred)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise Failure(f"{archive.name} can't be read as an archive (zip or tar): {error}") from None
    except (RuntimeError, NotImplementedError) as error:  # an encrypted member, a strange compression
        raise Failure(f"{archive.name} can't be unpacked: {error}") from None
    except OSError as error:
        if error.errno is not None:  # of the disk, not of the content
            raise
        raise Failure(f"{archive.name} can't be unpacked: {error}") from None


def _of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Content:
    mode = info.external_attr >> 16
    is_link = stat.S_ISLNK(mode)
    kind: Kind = "folder" if info.is_dir() else "link" if is_link else "file"
    target = os.fsdecode(archive.read(info)) if is_link and info.file_size < 4096 else ""
    return Content(
        info.filename, kind, info.file_size, bool(mode & 0o100), target, lambda: archive.open(info)
    )


def _of_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Content:
    def read() -> IO[bytes]:
        try:
            stream = archive.extractfile(info)
        except KeyError:
            stream = None
        if stream is None:
            raise Failure(f"the member {info.name!r} is a link to nothing in the archive")
        return stream

    return Content(info.name, _kind(info), info.size, bool(info.mode & 0o100), info.linkname, read)


def _kind(info: tarfile.TarInfo) -> Kind:
    if info.isfile():
        return "file"
    if info.isdir():
        return "folder"
    if info.issym():
        return "link"
    return "hard link" if info.islnk() else "other"


def _place(root: str, member: Content) -> str:
    """Where the member goes; raises Failure when that is outside `root`."""
    path = posixpath.normpath(member.path)
    if path.startswith(("/", "../")) or path == ".." or "\0" in path or "\\" in path:
        raise Failure(f"the member {member.path!r} would land outside of the folder; nothing was unpacked")
    if member.kind == "other":
        raise Failure(f"the member {member.path!r} is a device or a pipe; expected files, folders and links")
    return os.path.join(root, path)


def _make_folder(place: str, member: Content) -> None:
    try:
        os.makedirs(place, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Failure(f"the archive has {member.path!r} as a file and as a folder") from None


def _write(member: Content, place: str, left: int, max_bytes: int) -> int:
    """Write a file and give its size, which counts as it is read: an archive may lie about it."""
    _make_folder(os.path.dirname(place), member)
    if os.path.isdir(place):
        raise Failure(f"the archive has {member.path!r} as a file and as a folder")
    if os.path.lexists(place):
        os.unlink(place)  # a later member of the same name wins
    written = 0
    with member.open() as source, open(place, "xb") as target:
        while piece := source.read(PIECE):
            written += len(piece)
            if written > left:
                raise Failure(f"the content is larger than {max_bytes // 1_000_000} MB; raise max_megabytes")
            target.write(piece)
    os.chmod(place, 0o755 if member.executable else 0o644)
    return written


def _link(root: str, member: Content, place: str) -> None:
    if not member.target or member.target.startswith("/"):
        raise Failure(
            f"the link {member.path!r} leads to {member.target!r}; expected a path inside of the folder"
        )
    parent = os.path.dirname(place)
    if os.path.realpath(parent) != os.path.normpath(parent).replace(root, os.path.realpath(root), 1):
        raise Failure(f"the link {member.path!r} stands inside of another link")
    _make_folder(parent, member)
    if os.path.lexists(place):
        raise Failure(f"the archive has {member.path!r} twice, once as a link")
    os.symlink(member.target, place)
    _check_link(root, member, place)


def _check_link(root: str, member: Content, place: str) -> None:
    real = os.path.realpath(root)
    if not f"{os.path.realpath(place)}/".startswith(f"{real}/"):
        raise Failure(f"the link {member.path!r} leads to {member.target!r}, outside of the folder")


def _stem(name: str) -> str:
    suffix = next((known for known in SUFFIXES if name.lower().endswith(known)), "")
    return name[: len(name) - len(suffix)] if suffix and len(name) > len(suffix) else "content"
