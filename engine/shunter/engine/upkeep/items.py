"""What is stored, item by item: files and folders by their names in the store."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NewType

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.manifest import read_manifest
from shunter.engine.store.recency import read_quietly
from shunter.engine.store.tree import FileEntry, FolderEntry, Tree
from shunter.engine.store.trees import Trees
from shunter.engine.upkeep.disk import bytes_of
from shunter.engine.values import Artifact, Directory

Item = NewType("Item", str)
"""A file's digest, with `.x` for an executable, or a folder's digest with a slash."""

_FOLDER_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Stored:
    """What an item takes on the disk, in bytes, and when it was last needed, in seconds since the epoch.

    Files of a folder are items of their own.
    """

    size: int
    needed: float


def item_of(artifact: Artifact) -> Item:
    """The item that an artifact is."""
    if isinstance(artifact, Directory):
        return folder_item(artifact.digest)
    return file_item(artifact.digest, executable=artifact.executable)


def file_item(digest: Digest, *, executable: bool) -> Item:
    """A file's item."""
    return Item(f"{digest}.x" if executable else digest)


def folder_item(digest: Digest) -> Item:
    """A folder's item."""
    return Item(f"{digest}/")


def is_folder(item: Item) -> bool:
    """Whether an item is a folder."""
    return item.endswith("/")


def digest_of_item(item: Item) -> Digest:
    """The digest in an item's name."""
    return Digest(item[:64])


def stored_files(blobs: os.PathLike[str]) -> dict[Item, Stored]:
    """Every file of the store, by one look at each: about 4 µs."""
    return {
        Item(entry.name): Stored(bytes_of(found), found.st_atime)
        for entry, found in _listed(blobs)
        if stat.S_ISREG(found.st_mode)
    }


def stored_folders(trees: os.PathLike[str]) -> dict[Item, Stored]:
    """Every folder of the store; what the folders in it take is known from its list alone (`Contents`)."""
    found_lists: dict[Item, Stored] = {}
    unlisted: dict[Item, Stored] = {}
    for entry, found in _listed(trees):
        if entry.name.endswith(".json"):
            item = folder_item(Digest(entry.name.removesuffix(".json")))
            found_lists[item] = Stored(bytes_of(found), found.st_atime)
        else:
            unlisted[folder_item(Digest(entry.name))] = Stored(_FOLDER_BYTES, found.st_mtime)
    return {**unlisted, **found_lists}


def _listed(top: os.PathLike[str]) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    for shelf in sorted(os.listdir(top)):
        try:
            with os.scandir(os.path.join(top, shelf)) as entries:
                for entry in entries:
                    yield entry, entry.stat(follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):  # removed meanwhile, or no part of the store
            continue


def total(stored: Mapping[Item, Stored], contents: Contents) -> int:
    """The bytes that all items take."""
    return sum(
        contents.size(item, stored) if is_folder(item) else found.size for item, found in stored.items()
    )


class Contents:
    """What is in the folders of a store, each read once; one that can't be read holds nothing."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._known: dict[Item, tuple[Item, ...]] = {}
        self.folders: dict[Item, int] = {}

    def of(self, item: Item) -> tuple[Item, ...]:
        """The files of a folder."""
        if item not in self._known:
            tree = self._read(digest_of_item(item))
            files = dict.fromkeys(
                file_item(entry.digest, executable=entry.executable)
                for _, entry in tree.entries
                if isinstance(entry, FileEntry)
            )
            self._known[item] = tuple(files)
            self.folders[item] = 1 + sum(isinstance(entry, FolderEntry) for _, entry in tree.entries)
        return self._known[item]

    def size(self, item: Item, stored: Mapping[Item, Stored]) -> int:
        """What a folder takes beside its files."""
        self.of(item)
        return stored[item].size + self.folders[item] * _FOLDER_BYTES if item in stored else 0

    def _read(self, digest: Digest) -> Tree:
        try:
            manifest = read_quietly(self._trees.manifest_path(digest))
            return read_manifest(manifest) if digest_bytes(manifest) == digest else Tree(())
        except (OSError, ValueError):
            return Tree(())
