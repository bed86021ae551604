"""Copies for the user."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from tests.engine.store.ordinary import as_ordinary_user

from shunter.engine.errors import OutputError, StoreCorrupt
from shunter.engine.store.local import LocalStore
from shunter.engine.store.removal import remove_folder
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, tree_of
from shunter.engine.values import Directory


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _allowed(mode: int) -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mode & ~mask


def _directory(store: LocalStore) -> Directory:
    plain = store.put_bytes(b"a", "x")
    program = store.put_bytes(b"b", "x", executable=True)
    entries: list[tuple[str, Entry]] = [
        ("sub", FolderEntry()),
        ("sub/plain", FileEntry(plain.digest, 1)),
        ("sub/program", FileEntry(program.digest, 1, True)),
        ("link", LinkEntry("sub/plain")),
        ("dangling", LinkEntry("missing")),
    ]
    return store.put_tree(tree_of(entries))


def test_a_file_is_the_users_own(store: LocalStore, tmp_path: Path) -> None:
    file = store.put_bytes(b"content" * 1000, "a.txt")
    store.export(file, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"content" * 1000
    assert _mode(tmp_path / "copy") == _allowed(0o666)
    assert (tmp_path / "copy").stat().st_nlink == 1


def test_an_executable_stays_executable(store: LocalStore, tmp_path: Path) -> None:
    store.export(store.put_bytes(b"x", "x", executable=True), tmp_path / "copy")
    assert _mode(tmp_path / "copy") == _allowed(0o777)


def test_changing_the_copy_doesnt_change_the_store(store: LocalStore, tmp_path: Path) -> None:
    directory = _directory(store)
    store.export(directory, tmp_path / "copy")
    (tmp_path / "copy/sub/plain").write_bytes(b"changed")
    assert (store.tree_path(directory) / "sub/plain").read_bytes() == b"a"
    assert list(store.verify()) == []


def test_a_folder_is_copied_with_modes_and_symlinks(store: LocalStore, tmp_path: Path) -> None:
    store.export(_directory(store), tmp_path / "copy")
    assert _mode(tmp_path / "copy/sub") == _allowed(0o777)
    assert _mode(tmp_path / "copy/sub/plain") == _allowed(0o666)
    assert _mode(tmp_path / "copy/sub/program") == _allowed(0o777)
    assert os.readlink(tmp_path / "copy/link") == "sub/plain"
    assert os.readlink(tmp_path / "copy/dangling") == "missing"


def test_a_folder_whose_paths_are_longer_than_a_path_may_be_is_copied(
    store: LocalStore, tmp_path: Path
) -> None:
    names = ["/".join(["n" * 100] * depth) for depth in range(1, 101)]
    tree = tree_of((name, FolderEntry()) for name in names)
    store.export(store.put_tree(tree), tmp_path / "copy")
    assert store.take_folder(tmp_path / "copy") == tree
    remove_folder(tmp_path / "copy")


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.symlink_to("missing")])
def test_nothing_is_replaced(store: LocalStore, tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "there")
    for artifact in (store.put_bytes(b"x", "x"), _directory(store)):
        with pytest.raises(OutputError, match="exists already"):
            store.export(artifact, tmp_path / "there")


def test_a_missing_folder_is_named(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder isn't there") as refused:
        store.export(store.put_bytes(b"x", "x"), tmp_path / "no/where")
    assert refused.value.hint == f"make {tmp_path / 'no'} first"


def test_a_folder_that_cant_be_written_is_named(home: Path) -> None:
    def export() -> str:
        closed = home.parent / "closed"
        closed.mkdir(mode=0o555)
        with LocalStore(home) as store, pytest.raises(OutputError) as refused:
            store.export(store.put_bytes(b"x", "x"), closed / "copy")
        return refused.value.message

    assert as_ordinary_user(export) == f"'{home.parent}/closed/copy' can't be written: permission denied"


def test_a_full_disk_leaves_nothing_behind(store: LocalStore, small_disk: Path) -> None:
    big = store.put_bytes(os.urandom(3 << 20), "big")
    folder = store.put_tree(tree_of([("a", FolderEntry()), ("a/big", FileEntry(big.digest, big.size))]))
    for artifact in (big, folder):
        with pytest.raises(OutputError, match="no space is left"):
            store.export(artifact, small_disk / "copy")
    assert os.listdir(small_disk) == []


def test_content_that_is_gone_leaves_nothing_behind(store: LocalStore, tmp_path: Path) -> None:
    directory = _directory(store)
    (store.tree_path(directory) / "sub" / "plain").unlink()
    store.blob_path(store.put_bytes(b"a", "x")).unlink()
    with pytest.raises(StoreCorrupt):
        store.export(directory, tmp_path / "copy")
    assert os.listdir(tmp_path) == []


def test_a_file_that_only_its_folder_still_has_is_exported_and_given_back(
    store: LocalStore, tmp_path: Path
) -> None:
    directory = _directory(store)
    blob = store.blob_path(store.put_bytes(b"a", "x"))
    blob.unlink()
    store.export(directory, tmp_path / "copy")
    assert (tmp_path / "copy" / "sub" / "plain").read_bytes() == b"a"
    assert blob.read_bytes() == b"a"
