"""The home folder: where it is, what is in it, and what is said when it can't be used.

format            the version of this layout
blobs/ab/DIGEST   files, 0444; DIGEST.x is the same content as an executable, 0555
trees/ab/DIGEST   folders, made of hard links to blobs; DIGEST.json is the list of entries
handles/ID        the artifacts that short names stand for
scratch/ID/       what a process is working on; swept once nobody holds scratch/ID.lock
index.sqlite      results by action key
caches/NAME.sqlite  the same, for those who want to begin with none (an eval run)
stat.sqlite       digests of users' own files by their stat
fingerprint.key   what fingerprints of secrets are made with, 0600
locks             byte ranges of this file are locked, see `shunter.engine.store.locks`
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.errors import StoreError

FORMAT = "1"

_FULL = {errno.ENOSPC, errno.EDQUOT}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True, slots=True)
class Home:
    """An open home folder."""

    root: Path

    @property
    def blobs(self) -> Path:
        """Where files are."""
        return self.root / "blobs"

    @property
    def trees(self) -> Path:
        """Where folders are."""
        return self.root / "trees"

    @property
    def caches(self) -> Path:
        """Where results are that stand apart."""
        return self.root / "caches"

    @property
    def handles(self) -> Path:
        """Where what short names stand for is."""
        return self.root / "handles"

    @property
    def scratch(self) -> Path:
        """Where work in progress is."""
        return self.root / "scratch"

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn an operating system's error inside the block into a StoreError that names the home."""
        try:
            yield
        except OSError as error:
            raise trouble(self.root, error) from error

    def make_folders(self) -> None:
        """Make whatever folder is missing. Another uid may pass through them but not list them."""
        for folder in (self.root, self.blobs, self.trees, self.scratch):
            make_passage(folder)


def default_home() -> Path:
    """`$SHUNTER_HOME`, else /var/lib/shunter for root, else the user's data folder.

    Root's steps run under a uid that can't enter root's own home. Raises StoreError for a user who has none.
    """
    named = os.environ.get("SHUNTER_HOME")
    if named:
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/shunter")
    from platformdirs import user_data_dir

    try:
        return Path(user_data_dir("shunter"))
    except RuntimeError:
        raise StoreError(
            "this user has no home folder: HOME is no absolute path, and the machine doesn't know one",
            hint="set HOME, or SHUNTER_HOME to the folder that shunter may use",
        ) from None


def open_home(root: Path) -> Home:
    """The home at `root`, made where it isn't there; raises StoreError where it can't be used."""
    home = Home(root)
    with home.guard():
        _open(home)
    return home


def trouble(root: Path, error: OSError) -> StoreError:
    """What `error`, met below `root`, means to a person."""
    where = str(root)
    reason = (error.strerror or str(error)).lower()
    if error.errno in _FULL:
        return StoreError(
            f"no space is left for shunter's home folder {where} ({reason})",
            hint="make space, or set SHUNTER_HOME to a folder on another disk",
        )
    if error.errno in _CLOSED:
        return StoreError(
            f"shunter's home folder {where} can't be written ({reason})",
            hint="make it writable for this user, or set SHUNTER_HOME to a folder that is",
        )
    name = f" at {error.filename}" if isinstance(error.filename, str) and error.filename != where else ""
    return StoreError(
        f"shunter's home folder {where} can't be used: {reason}{name}",
        hint="set SHUNTER_HOME to another folder, or mend this one",
    )


def is_full(folder: Path) -> bool:
    """Whether the disk of `folder` has no block or no inode left for this user."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail == 0 or (disk.f_favail == 0 and disk.f_files > 0)


def _open(home: Home) -> None:
    marker = home.root / "format"
    try:
        found = marker.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        _create(home, marker)
        return
    if found != FORMAT:
        raise StoreError(
            f"shunter's home folder {home.root} has format {found[:20]!r}; "
            f"this version of shunter reads {FORMAT!r}",
            hint="set SHUNTER_HOME to another folder, or move this one away (all in it can be made again)",
        )
    if not (home.blobs.is_dir() and home.trees.is_dir() and home.scratch.is_dir()):
        home.make_folders()


def _create(home: Home, marker: Path) -> None:
    home.root.parent.mkdir(parents=True, exist_ok=True)
    if home.root.is_dir() and not home.blobs.exists() and set(os.listdir(home.root)) - {"lost+found"}:
        raise StoreError(
            f"{home.root} is to be shunter's home folder, but other files are in it",
            hint="set SHUNTER_HOME to an empty folder or to one that doesn't exist yet",
        )
    home.make_folders()
    os.chmod(home.root, _mode())
    draft = marker.with_name(f"format.{os.getpid()}")
    draft.write_text(FORMAT + "\n", "ascii")
    draft.replace(marker)


def enter(source: str | Path, target: str, *, parent: int | None = None) -> None:
    """Rename `source` (a name in `parent`) to `target`, whose folder may not be there yet."""
    try:
        os.rename(source, target, src_dir_fd=parent)
    except FileNotFoundError:
        make_passage(Path(target).parent)
        os.rename(source, target, src_dir_fd=parent)


def make_passage(folder: Path) -> None:
    """Make a folder where there is none; as root, one that another uid may pass through but not list."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    os.chmod(folder, _mode())


def _mode() -> int:
    return 0o711 if os.geteuid() == 0 else 0o700
