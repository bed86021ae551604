"""Taking copies of what a step that runs has in its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.ingest import TakeLimits
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry
from shunter.engine.values import Directory, File


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work/a/b").mkdir(parents=True)
    (tmp_path / "work/a/b/file.txt").write_text("content")
    (tmp_path / "work/a/link").symlink_to("b/file.txt")
    (tmp_path / "secret").write_text("not yours")
    return tmp_path / "work"


def test_a_file_is_copied_and_stays_where_it_is(store: LocalStore, work: Path) -> None:
    path = work / "a/b/file.txt"
    with path.open("r+") as held:
        taken = store.borrow(work, "a/b/file.txt")
        assert isinstance(taken, File)
        held.write("changed")
    assert (taken.name, path.read_text()) == ("file.txt", "changed")
    assert store.blob_path(taken).read_text() == "content"
    assert store.blob_path(taken).stat().st_ino != path.stat().st_ino


def test_a_folder_is_copied_with_its_inner_links(store: LocalStore, work: Path) -> None:
    taken = store.borrow(work, "a")
    assert isinstance(taken, Directory)
    assert [path for path, _ in store.get_tree(taken).entries] == ["b", "b/file.txt", "link"]
    assert isinstance(store.get_tree(taken).find("b/file.txt"), FileEntry)
    assert (work / "a/b/file.txt").exists()


def test_what_is_not_there_is_nothing(store: LocalStore, work: Path) -> None:
    assert store.borrow(work, "no") is None
    assert store.borrow(work, "no/where") is None


@pytest.mark.parametrize("path", ["", ".", "..", "../secret", "a/../../secret", "/etc/passwd", "a//b", "a/"])
def test_a_path_that_is_not_plain_is_refused(store: LocalStore, work: Path, path: str) -> None:
    with pytest.raises(UnsafeOutput, match="the path isn't a plain one"):
        store.borrow(work, path)


def test_no_symlink_is_followed(store: LocalStore, work: Path) -> None:
    (work / "out").symlink_to("..")
    (work / "file").symlink_to("../secret")
    (work / "a/out").symlink_to("../../secret")
    for path in ("out/secret", "file", "a/b/file.txt/x"):
        with pytest.raises(UnsafeOutput):
            store.borrow(work, path)
    with pytest.raises(UnsafeOutput, match="outside of what was left"):
        store.borrow(work, "a")


def test_only_files_and_folders_can_be_handed_over(store: LocalStore, work: Path) -> None:
    os.mkfifo(work / "pipe")
    with pytest.raises(UnsafeOutput, match="'pipe' is a named pipe; a file or a folder can be handed over"):
        store.borrow(work, "pipe")
    with pytest.raises(UnsafeOutput, match="at most 3 are allowed"):
        store.borrow(work, "a/b/file.txt", limits=TakeLimits(file_size=3))
