"""Whether stored content is there, and whether it still is what its digest says."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.digest import Digest
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store import content
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.home import Home
from shunter.engine.store.names import shown, to_bytes
from shunter.engine.store.recency import open_quietly
from shunter.engine.store.tree import Entry, FileEntry, LinkEntry
from shunter.engine.store.trees import Trees
from shunter.engine.values import Artifact, Directory


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the home folder that isn't what its name says."""

    path: Path
    reason: str


class Audit:
    """Looks at content without giving it. OSErrors are the caller's to translate, with `Home.guard`."""

    def __init__(self, home: Home, blobs: Blobs, trees: Trees) -> None:
        self._home = home
        self._blobs = blobs
        self._trees = trees

    def is_there(self, artifact: Artifact) -> bool:
        """A cheap look: a file has its size, a folder its place and its list of entries."""
        if isinstance(artifact, Directory):
            return self._trees.has(artifact.digest)
        return self._blobs.has(artifact.digest, artifact.size, executable=artifact.executable)

    def keep(self, artifact: Artifact) -> bool:
        """The same look, for whoever is going to need the content: it counts as young from now on."""
        if isinstance(artifact, Directory):
            return self._trees.keep(artifact.digest)
        return self._blobs.keep(artifact.digest, artifact.size, executable=artifact.executable)

    def is_intact(self, artifact: Artifact) -> bool:
        """A full look, at every byte. What is damaged is removed, so that it can be made again."""
        if not self.is_there(artifact):
            return False
        if isinstance(artifact, Directory):
            intact = self.folder_damage(artifact.digest) is None
            if not intact:
                self._trees.discard(artifact.digest)
            return intact
        intact = _is_content(
            self._blobs.path(artifact.digest, executable=artifact.executable), artifact.digest
        )
        if not intact:
            self._blobs.discard(artifact.digest, executable=artifact.executable)
        return intact

    def damages(self) -> Iterator[Damage]:
        """Read all that is stored, and yield what is damaged, removing nothing."""
        intact: set[int] = set()
        for path in sorted(self._home.blobs.glob("??/*")):
            executable = path.suffix == ".x"
            reason = self.file_damage(Digest(path.name.removesuffix(".x")), executable=executable)
            if reason is not None:
                yield Damage(path, reason)
            else:
                intact.add(inode_of(path))
        for path in sorted(self._home.trees.glob("??/*.json")):
            reason = self.folder_damage(Digest(path.stem), intact)
            if reason is not None:
                yield Damage(path.with_suffix(""), reason)

    def file_damage(self, digest: Digest, *, executable: bool) -> str | None:
        """What is wrong with a file, after reading all of it."""
        intact = _is_content(self._blobs.path(digest, executable=executable), digest)
        return None if intact else "the file's content differs from its digest"

    def folder_damage(self, digest: Digest, intact: Set[int] = frozenset()) -> str | None:
        """What is wrong with a folder, after reading all that is in it but files of the inodes `intact`."""
        try:
            tree = self._trees.get(digest)
        except StoreCorrupt as error:
            return error.message
        top = os.fsencode(self._trees.path(digest)) + b"/"
        if not os.path.isdir(top):
            return "the folder is gone"
        for path, entry in tree.entries:
            if not _is_entry(top + to_bytes(path), entry, intact):
                return f"{shown(path)} in the folder isn't what it was"
            if isinstance(entry, FileEntry) and not os.path.lexists(
                self._blobs.path(entry.digest, executable=entry.executable)
            ):
                return f"{shown(path)} in the folder isn't among the store's files any more"
        return None


def inode_of(path: str | bytes | Path) -> int:
    """The number of a file's inode, or 0 where there is none."""
    try:
        return os.lstat(path).st_ino
    except OSError:
        return 0


def _is_entry(path: bytes, entry: Entry, intact: Set[int]) -> bool:
    if isinstance(entry, FileEntry):
        return inode_of(path) in intact or _is_content(path, entry.digest)
    if isinstance(entry, LinkEntry):
        return os.path.islink(path) and os.readlink(path) == to_bytes(entry.target)
    return os.path.isdir(path)


def _is_content(path: str | bytes, digest: Digest) -> bool:
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        handle = open_quietly(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        return content.digest_of(handle) == digest
    finally:
        os.close(handle)
