"""Reading everything again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, tree_of
from shunter.engine.values import Directory


@pytest.fixture
def directory(store: LocalStore) -> Directory:
    file = store.put_bytes(b"content", "x", executable=True)
    entries: list[tuple[str, Entry]] = [
        ("sub", FolderEntry()),
        ("sub/file", FileEntry(file.digest, file.size, True)),
        ("link", LinkEntry("sub")),
    ]
    return store.put_tree(tree_of(entries))


@pytest.mark.usefixtures("directory")
def test_a_whole_store_has_no_damages(store: LocalStore) -> None:
    assert list(store.verify()) == []


def test_a_changed_file_is_found(store: LocalStore) -> None:
    path = store.blob_path(store.put_bytes(b"content", "x"))
    path.chmod(0o644)
    path.write_bytes(b"another")
    assert [(damage.path, damage.reason) for damage in store.verify()] == [
        (path, "the file's content differs from its digest")
    ]


@pytest.mark.parametrize("name", ["sub/file", "link"])
def test_a_folder_that_lost_something_is_found(store: LocalStore, directory: Directory, name: str) -> None:
    folder = store.tree_path(directory)
    (folder / name).unlink()
    assert [(damage.path, damage.reason) for damage in store.verify()] == [
        (folder, f"'{name}' in the folder isn't what it was")
    ]


def test_a_symlink_that_leads_elsewhere_is_found(store: LocalStore, directory: Directory) -> None:
    folder = store.tree_path(directory)
    (folder / "link").unlink()
    (folder / "link").symlink_to("/etc")
    assert [damage.path for damage in store.verify()] == [folder]


def test_a_damaged_list_of_entries_is_found(store: LocalStore, directory: Directory) -> None:
    folder = store.tree_path(directory)
    Path(f"{folder}.json").write_text("{}")
    assert [damage.path for damage in store.verify()] == [folder]


def test_a_folder_without_its_place_is_found(store: LocalStore, directory: Directory) -> None:
    folder = store.tree_path(directory)
    os.rename(folder, folder.with_name("away"))
    assert len(list(store.verify())) == 1
