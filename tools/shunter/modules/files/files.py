"""Functions on files and folders of any kind."""

from __future__ import annotations

from typing import Annotated, Literal

from shunter.sdk import Directory, Failure, File, Nameless, function


@function
def find(folder: Directory, pattern: str = "**") -> list[File]:
    """Find the files of a folder whose path matches a pattern, in subfolders too.

    Args:
        folder: The folder to look in.
        pattern: A path pattern: * stands for any name, ** for any number of folders, ? for one character,
            [ab] for one of some. "*.txt" finds those in the folder itself, "**/*.txt" at any depth.
    Returns:
        The files, sorted by path; an empty list when none matches.
    Example:
        shunter call files.find --folder project/ --pattern "**/*.py" --output found/
    """
    from .pathpattern import matcher

    matches = matcher(pattern)
    return [file for file in folder.files() if matches(folder.relative(file))]


@function
def pick(folder: Directory, path: str) -> File:
    """Take one file out of a folder, by its path.

    Args:
        folder: The folder that the file is in.
        path: The file's path in the folder, such as "docs/readme.md".
    Returns:
        The file.
    Example:
        shunter call files.pick --folder project/ --path docs/readme.md --output readme.md
    """
    return folder.file(path)


@function
def collect(files: list[File], name: str = "files") -> Directory:
    """Put several files together into one new folder.

    Args:
        files: The files; of equal names, the second becomes "name-2.txt", and so on.
        name: The name of the folder.
    Returns:
        The folder.
    Example:
        shunter call files.collect --files a.txt --files b.txt --output both/
    """
    import shutil

    folder = Directory.create(name)
    taken: set[str] = set()
    for file in files:
        place = _free_name(file, taken)
        taken.add(place)
        shutil.copy(file, folder.path / place)
    return folder


@function
def rename(file: File, name: str) -> File:
    """Give a file another name; the content stays the same.

    Args:
        file: The file.
        name: The new name, such as "report.txt"; {stem} and {suffix} stand for the old name's parts.
    Returns:
        The file under its new name.
    Example:
        shunter call files.rename --file talk.txt --name "{stem}-2024{suffix}" --output renamed.txt
    """
    import shutil

    from shunter.sdk import output

    path = output(name.replace("{stem}", file.stem).replace("{suffix}", file.suffix))
    shutil.copy(file, path)
    return File(path)


@function
def listing(folder: Directory) -> Annotated[File, "text/csv"]:
    """List everything in a folder (ls, tree): path and size of every file, as a table.

    Args:
        folder: The folder to list.
    Returns:
        A CSV table with the columns path and bytes, sorted by path. Bytes of a name that aren't UTF-8 are
        written as a backslash and their number.
    Example:
        shunter call files.listing --folder project/ --output listing.csv
    """
    import csv
    import io
    import os

    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["path", "bytes"])
    for file in folder.files():
        name = os.fsencode(folder.relative(file))
        writer.writerow([name.decode("utf-8", "backslashreplace"), file.size])
    return File.write_text("listing.csv", table.getvalue())


@function
def checksum(
    file: Annotated[File, Nameless],
    algorithm: Literal["sha256", "sha512", "sha1", "md5", "blake2b"] = "sha256",
) -> str:
    """Compute the checksum (hash) of a file.

    Args:
        file: The file.
        algorithm: The hash function; take sha256 unless another one is asked for.
    Returns:
        The checksum in hexadecimal digits, as sha256sum prints it.
    Example:
        shunter call files.checksum --file image.iso
    """
    import hashlib

    with file.open() as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def _free_name(file: File, taken: set[str]) -> str:
    number = 1
    name = file.name
    while name in taken:
        number += 1
        name = f"{file.stem}-{number}{file.suffix}"
    if len(name.encode(errors="surrogateescape")) > 255:
        raise Failure(f"{file.name} occurs several times, and its name is too long to number")
    return name
