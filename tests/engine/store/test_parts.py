"""A part of a tree as an artifact."""

from __future__ import annotations

import pytest

from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.local import LocalStore
from shunter.engine.store.parts import artifact_at
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree, tree_of
from shunter.engine.values import Directory, File


@pytest.fixture
def tree(store: LocalStore) -> Tree:
    file = store.put_bytes(b"content", "x")
    entry = FileEntry(file.digest, file.size)
    entries: list[tuple[str, Entry]] = [
        ("blobs", FolderEntry()),
        ("blobs/1", entry),
        ("latest", LinkEntry("versions/2")),
        ("snapshot", FolderEntry()),
        ("snapshot/model", LinkEntry("../blobs/1")),
        ("snapshot/same", LinkEntry("model")),
        ("bad", FolderEntry()),
        ("bad/folder", LinkEntry("../blobs")),
        ("versions", FolderEntry()),
        ("versions/2", FolderEntry()),
        ("versions/2/report.txt", entry),
        ("nowhere", LinkEntry("missing")),
        ("round", LinkEntry("round")),
    ]
    return tree_of(entries)


def _names(store: LocalStore, artifact: object) -> list[str]:
    assert isinstance(artifact, Directory)
    return [path for path, _ in store.get_tree(artifact).entries]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("blobs/1", "1"),
        ("versions/2/report.txt", "report.txt"),
        ("latest/report.txt", "report.txt"),
        ("./blobs//../blobs/1", "1"),
        ("snapshot/same", "same"),
    ],
)
def test_a_file_is_found_through_symlinks_and_named_as_it_was_asked_for(
    store: LocalStore, tree: Tree, path: str, name: str
) -> None:
    found = artifact_at(tree, path, store)
    assert isinstance(found, File)
    assert found.name == name
    assert store.blob_path(found).read_bytes() == b"content"


@pytest.mark.parametrize("path", ["missing", "blobs/1/x", "../etc/passwd", "/etc/passwd", "nowhere", "round"])
def test_where_nothing_is_nothing_is_found(store: LocalStore, tree: Tree, path: str) -> None:
    assert artifact_at(tree, path, store) is None


def test_the_empty_path_is_the_whole(store: LocalStore, tree: Tree) -> None:
    assert _names(store, artifact_at(tree, "", store)) == [path for path, _ in tree.entries]


def test_a_folder_stands_by_itself(store: LocalStore, tree: Tree) -> None:
    assert _names(store, artifact_at(tree, "versions", store)) == ["2", "2/report.txt"]
    assert _names(store, artifact_at(tree, "latest", store)) == ["report.txt"]


def test_a_symlink_to_a_file_beside_the_folder_becomes_that_file(store: LocalStore, tree: Tree) -> None:
    found = artifact_at(tree, "snapshot", store)
    assert isinstance(found, Directory)
    part = store.get_tree(found)
    assert part.find("model") == part.find("same") == tree.find("blobs/1")


def test_a_symlink_to_a_folder_beside_the_folder_is_refused(store: LocalStore, tree: Tree) -> None:
    message = "the symlink 'folder' in the folder 'bad' leads to '../blobs', outside of that folder"
    with pytest.raises(UnsafeOutput) as refused:
        artifact_at(tree, "bad", store)
    assert refused.value.message == message
