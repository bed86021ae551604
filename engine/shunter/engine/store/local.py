"""The store on this machine's disk, under one home folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, JsonValue
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store.audit import Audit, Damage
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.export import export_file, export_tree
from shunter.engine.store.gate import Gate
from shunter.engine.store.handles import Handles, no_artifact
from shunter.engine.store.home import Home, default_home, make_passage, open_home
from shunter.engine.store.index import Index
from shunter.engine.store.ingest import TakeLimits, borrow, take_file, take_folder
from shunter.engine.store.inputs import Inputs
from shunter.engine.store.lease import Lease
from shunter.engine.store.left import Leavings, Left, take_leavings
from shunter.engine.store.locks import Locks
from shunter.engine.store.scratch import Scratch
from shunter.engine.store.statcache import StatCache
from shunter.engine.store.tree import FileEntry, Tree
from shunter.engine.store.trees import LARGE, REMEDY, Trees
from shunter.engine.values import Directory, File


@dataclass(frozen=True, slots=True)
class Parts:
    """What a store on this machine is made of."""

    home: Home
    locks: Locks
    gate: Gate
    scratch: Scratch
    blobs: Blobs
    trees: Trees
    audit: Audit
    index: Index
    handles: Handles


class LocalStore:
    """An ArtifactStore and a ResultIndex, and for executors of this machine the paths of content.

    Usable from several threads, and by several processes at once. Every method raises StoreError,
    with what to do about it, where the home folder can't be used. `close` removes this process's
    work in progress; where it isn't called, a later process does it.
    """

    def __init__(self, home: Path | None = None, *, large: int = LARGE) -> None:
        """Open the home folder at `home` (by default `default_home()`), made where it isn't there.

        A user's folder whose list of entries has more than `large` bytes, and that hasn't changed, is looked
        through when it is needed and not when it is given.
        """
        self._home = open_home(default_home() if home is None else Path(os.path.abspath(home)))
        self._locks = Locks(self._home)
        self._scratch = Scratch(self._home)
        self._blobs = Blobs(self._home, self._scratch)
        self._trees = Trees(self._home, self._scratch, self._blobs, large=large)
        self._audit = Audit(self._home, self._blobs, self._trees)
        self._index = Index(self._home, self._locks, self._audit)
        self._stats = StatCache(self._home, self._locks)
        self._handles = Handles(self._home)
        self._inputs = Inputs(self._home, self._blobs, self._trees, self._stats)
        self._gate = Gate(self._home)
        self._lease = Lease(self._home)

    @property
    def parts(self) -> Parts:
        """What it is made of, for those who look after it."""
        return Parts(
            self._home,
            self._locks,
            self._gate,
            self._scratch,
            self._blobs,
            self._trees,
            self._audit,
            self._index,
            self._handles,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def home(self) -> Path:
        """The home folder."""
        return self._home.root

    def close(self) -> None:
        """Remove this process's work in progress and close the files."""
        self._index.close()
        self._stats.close()
        self._scratch.close()
        self._gate.end()
        self._lease.end()

    def put_bytes(self, content: bytes, name: str, *, executable: bool = False) -> File:
        """Take `content` as a file called `name`."""
        with self._putting(), self._home.guard():
            return File(name, self._blobs.add_bytes(content, executable=executable), len(content), executable)

    def put_path(self, path: Path) -> File | Directory:
        """Take a user's own file or folder, which stays as it is; raises InputError.

        It is hashed where it lies, unless it is known and unchanged, then copied (or reflinked).
        """
        with self._putting():
            return self._inputs.take(path)

    def put_tree(self, tree: Tree) -> Directory:
        """Make the folder whose files are in the store already; raises ValueError for no proper tree."""
        with self._putting(), self._home.guard():
            return Directory(self._trees.put(tree))

    def get_tree(self, directory: Directory) -> Tree:
        """The entries of `directory`; raises StoreCorrupt where it isn't whole."""
        with self._home.guard():
            return self._trees.get(directory.digest)

    def open(self, file: File) -> BinaryIO:
        """Read a file's content; raises StoreCorrupt where it isn't there."""
        path = self.blob_path(file)
        with self._home.guard():
            return open(path, "rb")

    def export(self, artifact: File | Directory, target: Path) -> None:
        """Write a copy that belongs to the user to `target`, which must not exist yet; atomic.

        Modes are what the umask leaves. Raises OutputError where it can't be written.
        """
        if isinstance(artifact, Directory):
            self._export_folder(artifact, target)
        else:
            self.blob_path(artifact)
            export_file(FileEntry(artifact.digest, artifact.size, artifact.executable), target, self._blobs)

    def _export_folder(self, directory: Directory, target: Path) -> None:
        """A folder that is whole can have files that the store has lost otherwise."""
        tree = self.get_tree(directory)
        try:
            export_tree(tree, target, self._blobs)
        except StoreCorrupt:
            with self._home.guard():
                self._trees.give_back(directory.digest)
            self._taken_again(directory)
            export_tree(tree, target, self._blobs)

    def take_folder(self, folder: Path | int, *, limits: TakeLimits | None = None) -> Tree:
        """Move everything below `folder` (a path or an open descriptor) into the store.

        For what a container left, when all that ran in it is dead. Raises UnsafeOutput.
        """
        with self._putting(), self._home.guard():
            top = folder if isinstance(folder, int) else os.fspath(folder)
            return take_folder(top, self._blobs, limits or TakeLimits())

    def borrow(self, folder: Path, path: str, *, limits: TakeLimits | None = None) -> File | Directory | None:
        """Take a copy of what is at `path` below the `folder` of a step that runs; None where nothing is.

        Raises UnsafeOutput for what can't be taken, symlinks on the way among it.
        """
        with self._putting(), self._home.guard():
            match borrow(os.fspath(folder), path, self._blobs, limits or TakeLimits()):
                case FileEntry(digest, size, executable):
                    return File(path.rpartition("/")[2], digest, size, executable)
                case Tree() as tree:
                    return Directory(self._trees.put(tree))
        return None

    def take_left(self, folder: Path, *, most: int, taken: Tree) -> Left:
        """Move what a failed step left in its `/work` into the store, at most `most` bytes of it.

        `taken` is what of it is in the store already. What can't be taken is left out and told of.
        """
        with self._putting(), self._home.guard():
            leavings = take_leavings(os.fspath(folder), self._blobs, most=most, taken=taken)
        return leavings.left(self.put_tree(leavings.tree))

    def left_of(self, tree: Tree) -> Left:
        """What a step left whose files are in the store already."""
        return Leavings(tree, ()).left(self.put_tree(tree))

    def take_file(self, path: Path, name: str, *, limits: TakeLimits | None = None) -> File:
        """Move one file, such as a log, into the store as `name`. Raises UnsafeOutput."""
        with self._putting(), self._home.guard():
            entry = take_file(os.fspath(path), self._blobs, limits or TakeLimits())
        return File(name, entry.digest, entry.size, entry.executable)

    def handle(self, artifact: File | Directory) -> str:
        """A short name for `artifact`, which `find` takes."""
        with self._putting(), self._home.guard():
            return self._handles.give(artifact)

    def find(self, handle: str) -> File | Directory:
        """The artifact that `handle` names, from now on in use; raises InputError."""
        with self._putting(), self._home.guard():
            found = self._handles.find(handle)
            if not self._audit.keep(found):
                raise no_artifact(handle)
            return found

    def hold(self, artifacts: Iterable[File | Directory]) -> list[File | Directory]:
        """Those of `artifacts` that aren't there; from now on none of the others is removed.

        For whoever has them from elsewhere than this store's own answers, as from the folder of a run.
        """
        with self._putting(), self._home.guard():
            return [item for item in artifacts if not self._audit.keep(item)]

    def blob_path(self, file: File) -> Path:
        """Where a file's content is, read-only; raises StoreCorrupt where it isn't whole."""
        with self._home.guard():
            if not self._blobs.has(file.digest, file.size, executable=file.executable):
                raise StoreCorrupt(f"the file {file.name!r} ({file.digest}) isn't in the store", hint=REMEDY)
        return Path(self._blobs.path(file.digest, executable=file.executable))

    def tree_path(self, directory: Directory) -> Path:
        """Where a folder is that can be mounted, read-only; raises StoreCorrupt where it isn't whole."""
        with self._home.guard():
            try:
                return Path(self._trees.whole(directory.digest))
            except StoreCorrupt:
                if not self._taken_again(directory):
                    raise
                return Path(self._trees.whole(directory.digest))

    def _taken_again(self, directory: Directory) -> bool:
        with self._putting():
            return self._inputs.take_again(directory)

    def scratch(self, name: str) -> AbstractContextManager[Path]:
        """A fresh private folder whose name begins with `name`, on the store's file system.

        It is removed at the end of the block with whatever is in it.
        """
        return self._scratch.folder(name)

    def lookup(self, keys: Iterable[Digest]) -> Mapping[Digest, Result]:
        """The results that are there, in one batch; a result whose content is gone is no result."""
        self._lease.begin()
        return self._index.lookup(keys)

    def record(self, key: Digest, result: Result, parts: JsonValue) -> None:
        """Keep `result` under `key`; `parts` is what the key was made of, to explain it later."""
        self._lease.begin()
        self._index.record(key, result, parts)

    def cache(self, name: str) -> Index:
        """Results that stand apart from all others, empty at first; the content is in this store.

        `name` is a file's name. Whoever opens it closes it; `drop_cache` forgets it.
        """
        self._lease.begin()
        with self._home.guard():
            make_passage(self._home.caches)
        return Index(self._home, self._locks, self._audit, f"caches/{name}.sqlite")

    def drop_cache(self, name: str) -> None:
        """Forget the results of the cache `name`, which nobody has open; their content stays until pruned."""
        with self._home.guard():
            for suffix in ("", "-wal", "-shm"):
                (self._home.caches / f"{name}.sqlite{suffix}").unlink(missing_ok=True)

    def key_lock(
        self, key: Digest, on_wait: Callable[[], None] = lambda: None
    ) -> AbstractAsyncContextManager[None]:
        """Hold the lock of `key`: no other process, and no other task of this one, holds it meanwhile.

        `on_wait` is called whenever somebody else has it.
        """
        return self._locks.key(key, on_wait)

    def verify(self) -> Iterator[Damage]:
        """Read all content again, and yield what isn't what its digest says; removes nothing."""
        with self._home.guard():
            yield from self._audit.damages()

    @contextmanager
    def _putting(self) -> Iterator[None]:
        """Nothing is removed during the block, and what is put in stays while this process is at work."""
        self._lease.begin()
        with self._gate.open():
            yield
