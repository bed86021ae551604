"""Functions on archives: zip, and tar with or without compression."""

from __future__ import annotations

from typing import Annotated, TypedDict

from shunter.sdk import Directory, Failure, File, function


class Member(TypedDict):
    """A file in an archive, and its size unpacked."""

    path: str
    bytes: int


@function
def zip_folder(folder: Directory, name: str = "archive.zip") -> Annotated[File, "application/zip"]:
    """Pack a folder into a zip archive (compress).

    The same content gives the same bytes: times and owners are left out.

    Args:
        folder: The folder to pack; its files stand at the top of the archive.
        name: The name of the archive.
    Returns:
        The zip file.
    Example:
        shunter call archive.zip_folder --folder project/ --name project.zip --output project.zip
    """
    from .packing import write_zip

    return write_zip(folder, name)


@function
def tar_folder(folder: Directory, name: str = "archive.tar.gz") -> Annotated[File, "application/gzip"]:
    """Pack a folder into a compressed tar archive (tar.gz, tgz).

    The same content gives the same bytes: times and owners are left out.

    Args:
        folder: The folder to pack; its files stand at the top of the archive.
        name: The name of the archive.
    Returns:
        The tar.gz file.
    Example:
        shunter call archive.tar_folder --folder project/ --name project.tar.gz --output project.tar.gz
    """
    from .packing import write_tar

    return write_tar(folder, name)


@function
def unpack(archive: File, max_megabytes: int = 1024) -> Directory:
    """Unpack an archive (extract, decompress): zip, tar, tar.gz, tar.bz2 or tar.xz, told by its content.

    Members that would land outside the folder are refused, and so are devices and links that lead out.

    Args:
        archive: The archive.
        max_megabytes: How large the content may be, so that a bomb is stopped before it goes off.
    Returns:
        The folder with the content.
    Example:
        shunter call archive.unpack --archive project.zip --output project/
    """
    from .unpacking import extract

    if max_megabytes < 1:
        raise Failure(f"max_megabytes is {max_megabytes}; expected 1 or more")
    return extract(archive, max_bytes=max_megabytes * 1_000_000)


@function
def contents(archive: File) -> list[Member]:
    """List what is in an archive, without unpacking it.

    Args:
        archive: The archive: zip, tar, tar.gz, tar.bz2 or tar.xz.
    Returns:
        The files with their sizes unpacked, sorted by path.
    Example:
        shunter call archive.contents --archive project.zip
    """
    from .unpacking import members

    found = sorted((member.path, member.size) for member in members(archive) if member.kind == "file")
    return [Member(path=path, bytes=size) for path, size in found]
