"""Large folders that are new to a store: each file is written once."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import InputError
from shunter.engine.store.arrival import BATCH, can_arrive
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree, tree_of
from shunter.engine.values import Directory

LARGE = os.urandom(1 << 16) * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """More than a batch, with all kinds in it; some files are equal."""
    top = tmp_path / "in"
    (top / "a/deep/empty").mkdir(parents=True)
    (top / "b").mkdir()
    for number in range(BATCH + 10):
        (top / f"a/{number}").write_bytes(b"%d" % (number // 2))
    for number in range(20):
        (top / f"b/run{number}").write_bytes(b"%d" % number)
        (top / f"b/run{number}").chmod(0o700)
    (top / "a/deep/large").write_bytes(LARGE)
    (top / "b/link").symlink_to("../a/1")
    return top


def _tree(top: Path) -> Tree:
    return tree_of(_entries(top))


def _entries(top: Path) -> Iterator[tuple[str, Entry]]:
    for path in top.rglob("*"):
        name = str(path.relative_to(top))
        if path.is_symlink():
            yield name, LinkEntry(os.readlink(path))
        elif path.is_dir():
            yield name, FolderEntry()
        else:
            content = path.read_bytes()
            yield name, FileEntry(digest_bytes(content), len(content), bool(path.stat().st_mode & 0o100))


def _take(store: LocalStore, folder: Path) -> Directory:
    taken = store.put_path(folder)
    assert isinstance(taken, Directory)
    return taken


def test_a_large_folder_is_what_it_was(store: LocalStore, folder: Path) -> None:
    taken = _take(store, folder)
    assert store.get_tree(taken) == _tree(folder) == _tree(store.tree_path(taken))
    assert list(store.verify()) == []


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_its_files_have_the_modes_of_the_store_and_each_content_one_inode(
    store: LocalStore, folder: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        placed = store.tree_path(_take(store, folder))
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in placed.glob("b/run*")} == {0o555}
    assert {stat.S_IMODE(path.stat().st_mode) for path in placed.glob("a/*") if path.is_file()} == {0o444}
    assert {stat.S_IMODE(path.stat().st_mode) for path in placed.rglob("*") if path.is_dir()} == {0o755}
    blobs = {path.stat().st_ino for path in store.home.glob("blobs/??/*")}
    assert {path.stat().st_ino for path in placed.rglob("*") if path.is_file()} == blobs


def test_content_that_is_in_already_isnt_written_again(store: LocalStore, folder: Path) -> None:
    inode = store.blob_path(store.put_bytes(b"7", "seven")).stat().st_ino
    assert (store.tree_path(_take(store, folder)) / "a/14").stat().st_ino == inode


def test_a_damaged_file_of_the_store_isnt_taken_for_the_same_content(store: LocalStore, folder: Path) -> None:
    blob = store.blob_path(store.put_bytes(b"7", "seven"))
    blob.chmod(0o644)
    blob.write_bytes(b"8")
    blob.chmod(0o444)
    os.utime(blob, (0, 0))
    taken = _take(store, folder)
    assert (store.tree_path(taken) / "a/14").read_bytes() == b"7"
    assert list(store.verify()) == []


def test_what_cant_be_taken_leaves_no_draft(store: LocalStore, folder: Path) -> None:
    os.mkfifo(folder / "a/pipe")
    with pytest.raises(InputError):
        store.put_path(folder)
    (folder / "a/pipe").unlink()
    (folder / "b/out").symlink_to("/etc/passwd")
    with pytest.raises(InputError):
        store.put_path(folder)
    assert [path for path in store.home.glob("scratch/*/*") if path.is_dir()] == []


def test_stores_that_take_the_same_folder_at_once_dont_hurt_each_other(home: Path, folder: Path) -> None:
    begin = threading.Barrier(4)
    taken: list[Directory] = []

    def take() -> None:
        with LocalStore(home) as store:
            begin.wait()
            taken.append(_take(store, folder))
            store.tree_path(taken[-1])

    LocalStore(home).close()
    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 4
    with LocalStore(home) as store:
        assert set(map(store.tree_path, taken)) == {store.tree_path(taken[0])}
        assert list(store.verify()) == []


def test_paths_that_are_too_long_to_be_opened_as_such_are_taken_the_other_way() -> None:
    few = [("a", FolderEntry())]
    many = few * (BATCH + 1)
    assert not can_arrive(few)
    assert can_arrive(many)
    assert not can_arrive([*many, ("a/" * 1500, FolderEntry())])
