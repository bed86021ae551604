"""Taking what a container left."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.engine.store.ordinary import USER, as_ordinary_user

from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store.blobs import Blobs
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.home import open_home
from shunter.engine.store.ingest import TakeLimits, take_folder
from shunter.engine.store.local import LocalStore
from shunter.engine.store.names import to_text
from shunter.engine.store.scratch import Scratch
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree
from shunter.engine.values import File


def _content(store: LocalStore, tree: Tree, path: str) -> bytes:
    return (store.tree_path(store.put_tree(tree)) / path).read_bytes()


def test_files_folders_and_symlinks_are_taken(store: LocalStore, left: Path) -> None:
    (left / "sub/empty").mkdir(parents=True)
    (left / "sub/a.txt").write_bytes(b"a")
    (left / "latest").symlink_to("sub/a.txt")
    assert store.take_folder(left) == Tree(
        (
            ("latest", LinkEntry("sub/a.txt")),
            ("sub", FolderEntry()),
            ("sub/a.txt", FileEntry(digest_bytes(b"a"), 1)),
            ("sub/empty", FolderEntry()),
        )
    )


def test_files_are_moved_not_copied(store: LocalStore, left: Path) -> None:
    (left / "big").write_bytes(b"x" * 3_000_000)
    inode = (left / "big").stat().st_ino
    (taken,) = [entry for _, entry in store.take_folder(left).entries if isinstance(entry, FileEntry)]
    assert store.put_bytes(b"x" * 3_000_000, "big").digest == taken.digest
    assert store.blob_path(store.put_bytes(b"x" * 3_000_000, "big")).stat().st_ino == inode
    assert not (left / "big").exists()


def test_a_folder_can_be_given_as_a_descriptor(store: LocalStore, left: Path) -> None:
    (left / "a").write_bytes(b"a")
    handle = os.open(left, os.O_RDONLY)
    assert store.take_folder(handle) == Tree((("a", FileEntry(digest_bytes(b"a"), 1)),))
    os.close(handle)


def test_what_was_written_for_others_becomes_read_only_and_ours(store: LocalStore, left: Path) -> None:
    (left / "tool").write_bytes(b"tool")
    if os.geteuid() == 0:
        os.chown(left / "tool", USER, USER)
    (left / "tool").chmod(0o6777)
    store.take_folder(left)
    found = store.blob_path(store.put_bytes(b"tool", "tool", executable=True)).stat()
    assert stat.S_IMODE(found.st_mode) == 0o555
    assert found.st_uid == os.geteuid()


def test_only_the_owners_executable_bit_is_kept(store: LocalStore, left: Path) -> None:
    for name, mode in (("run", 0o4711), ("read", 0o644), ("odd", 0o611)):
        (left / name).write_text(name)
        (left / name).chmod(mode)
    taken = dict(store.take_folder(left).entries)
    kept = {name: entry.executable for name, entry in taken.items() if isinstance(entry, FileEntry)}
    assert kept == {"run": True, "read": False, "odd": False}


def test_names_of_any_bytes_are_kept(store: LocalStore, left: Path) -> None:
    names = {b"\xff\x80", b"new\nline", b" ", b"-x", "é".encode()}
    for name in names:
        Path(os.fsdecode(os.fsencode(left) + b"/" + name)).write_bytes(name)
    assert {path for path, _ in store.take_folder(left).entries} == set(map(to_text, names))


def _closed(folder: Path) -> None:
    (folder / "in/ner").mkdir(parents=True)
    (folder / "in/ner/file").write_bytes(b"x")
    (folder / "in/write-only").write_bytes(b"y")
    (folder / "in/ner/file").chmod(0)
    (folder / "in/write-only").chmod(0o200)
    (folder / "in/ner").chmod(0)
    (folder / "in").chmod(0o444)


def test_folders_and_files_without_permissions_are_taken(store: LocalStore, left: Path) -> None:
    _closed(left)
    tree = store.take_folder(left)
    assert [path for path, _ in tree.entries] == ["in", "in/ner", "in/ner/file", "in/write-only"]
    assert _content(store, tree, "in/ner/file") == b"x"


def test_an_ordinary_user_takes_folders_and_files_without_permissions(home: Path) -> None:
    def take() -> list[str]:
        with LocalStore(home) as store, store.scratch("out") as folder:
            _closed(folder)
            return [path for path, _ in store.take_folder(folder).entries]

    assert as_ordinary_user(take) == ["in", "in/ner", "in/ner/file", "in/write-only"]


def test_two_names_of_one_file_are_two_files_of_one_content(store: LocalStore, left: Path) -> None:
    (left / "one").write_bytes(b"shared")
    os.link(left / "one", left / "two")
    tree = store.take_folder(left)
    assert tree.find("one") == tree.find("two") == FileEntry(digest_bytes(b"shared"), 6)


def test_a_file_that_has_a_name_elsewhere_cant_be_changed_there(store: LocalStore, left: Path) -> None:
    with store.scratch("elsewhere") as elsewhere:
        (left / "inside").write_bytes(b"before")
        os.link(left / "inside", elsewhere / "outside")
        tree = store.take_folder(left)
        (elsewhere / "outside").write_bytes(b"after!")
    assert _content(store, tree, "inside") == b"before"


def test_content_that_is_known_already_is_taken_too(store: LocalStore, left: Path) -> None:
    known = store.put_bytes(b"known", "known")
    (left / "again").write_bytes(b"known")
    assert store.take_folder(left).find("again") == FileEntry(known.digest, 5)
    assert not (left / "again").exists()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _absolute(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _escaping(path: Path) -> None:
    path.symlink_to("a/../../x")


def _through_a_link(path: Path) -> None:
    (path.parent / "deep/er").mkdir(parents=True)
    (path.parent / "deep/er/up").symlink_to("../..")
    path.symlink_to("deep/er/up/../x")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_fifo, "'bad' is a named pipe; only files, folders and symlinks can be taken"),
        (_socket, "'bad' is a socket; only files, folders and symlinks can be taken"),
        (_absolute, "the symlink 'bad' leads to '/etc/passwd', outside of what was left"),
        (_escaping, "the symlink 'bad' leads to 'a/../../x', outside of what was left"),
        (_through_a_link, "the symlink 'bad' leads to 'deep/er/up/../x', outside of what was left"),
    ],
)
def test_what_is_unsafe_is_refused_by_name(
    store: LocalStore, left: Path, make: Callable[[Path], None], message: str
) -> None:
    make(left / "bad")
    with pytest.raises(UnsafeOutput) as refused:
        store.take_folder(left)
    assert refused.value.message == message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_refused(store: LocalStore, left: Path) -> None:
    os.mknod(left / "zero", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    with pytest.raises(UnsafeOutput, match="'zero' is a device"):
        store.take_folder(left)


def test_a_symlink_for_a_folder_isnt_followed(store: LocalStore, left: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"stays")
    (left / "link").symlink_to(os.path.relpath(tmp_path, left))
    with pytest.raises(UnsafeOutput, match="outside"):
        store.take_folder(left)
    assert (tmp_path / "precious").read_bytes() == b"stays"


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (TakeLimits(entries=3), "more than 3 files and folders were left"),
        (TakeLimits(depth=2), "'a/b/c' is more than 2 folders deep"),
        (TakeLimits(file_size=999), "'a/file' has 1000 bytes; at most 999 are allowed"),
        (TakeLimits(total_size=1001), "more than 1001 bytes were left, '.*' included"),
    ],
)
def test_too_much_is_refused(store: LocalStore, left: Path, limits: TakeLimits, message: str) -> None:
    (left / "a/b/c").mkdir(parents=True)
    (left / "a/file").write_bytes(b"x" * 1000)
    (left / "small").write_bytes(b"yy")
    with pytest.raises(UnsafeOutput, match=message):
        store.take_folder(left, limits=limits)


def test_a_file_of_holes_is_refused_and_not_read(store: LocalStore, left: Path) -> None:
    (left / "holes").touch()
    os.truncate(left / "holes", 40 << 30)
    with pytest.raises(UnsafeOutput, match="'holes' claims 42949672960 bytes, nearly all of them holes"):
        store.take_folder(left)


def test_a_depth_that_would_exhaust_descriptors_or_recursion_is_refused(
    store: LocalStore, left: Path
) -> None:
    here = os.open(left, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    with pytest.raises(UnsafeOutput, match="is more than 256 folders deep"):
        store.take_folder(left)


def test_a_log_is_taken_under_a_name(store: LocalStore, left: Path) -> None:
    (left / "17.log").write_bytes(b"said")
    file = store.take_file(left / "17.log", "stdout.txt")
    assert (file.name, store.blob_path(file).read_bytes()) == ("stdout.txt", b"said")


def test_a_refusal_leaves_no_descriptor_open(store: LocalStore, left: Path) -> None:
    (left / "a/b").mkdir(parents=True)
    _fifo(left / "a/b/bad")
    store.put_bytes(b"", "the store holds its locks from here on")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(UnsafeOutput):
        store.take_folder(left)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("kind", ["symlink", "file", "folder", "nothing"])
def test_a_name_that_means_something_else_by_now_gives_nothing_away(
    store: LocalStore, left: Path, kind: str
) -> None:
    """Nothing of a container is alive when this is called; if something were, it could swap at this moment."""
    secret = left.parent / "secret"
    secret.write_bytes(b"secret")
    (left / "a").write_bytes(b"own")

    class Swapping(Blobs):
        def has(self, digest: Digest, size: int, *, executable: bool = False) -> bool:
            (left / "a").unlink()
            if kind == "symlink":
                (left / "a").symlink_to(secret)
            elif kind == "file":
                os.link(secret, left / "a")
            elif kind == "folder":
                (left / "a").mkdir()
            return super().has(digest, size, executable=executable)

    home = open_home(store.home)
    with pytest.raises(UnsafeOutput, match="'a' was changed while it was being taken"):
        take_folder(str(left), Swapping(home, Scratch(home)), TakeLimits())
    with pytest.raises(StoreCorrupt):
        store.blob_path(File("a", digest_bytes(b"own"), 3))


def test_what_is_swapped_all_the_time_is_taken_or_refused(store: LocalStore, left: Path) -> None:
    secret, spare, over = left.parent / "secret", left.parent / "spare", threading.Event()
    secret.write_bytes(b"secret" * 1000)
    spare.mkdir()

    def swap() -> None:
        while not over.is_set():
            with suppress(OSError):
                (spare / "file").write_bytes(b"own")
                (spare / "file").rename(left / "a")
                (spare / "link").symlink_to(secret)
                (spare / "link").rename(left / "a")

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(100):
            with suppress(UnsafeOutput):
                tree = store.take_folder(left)
                assert {_content(store, tree, path) for path, _ in tree.entries} <= {b"own", b""}
    finally:
        over.set()
        swapping.join()
