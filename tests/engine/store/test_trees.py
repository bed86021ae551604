"""Folders by digest."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shunter.engine.digest import Digest
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store import trees
from shunter.engine.store.builder import build_tree
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, Tree, tree_of
from shunter.engine.values import Directory, File


def _entry(store: LocalStore, content: bytes, *, executable: bool = False) -> FileEntry:
    file = store.put_bytes(content, "x", executable=executable)
    return FileEntry(file.digest, file.size, executable)


def _sample(store: LocalStore) -> Tree:
    return tree_of(
        [
            ("a.txt", _entry(store, b"a")),
            ("bin", FolderEntry()),
            ("bin/run", _entry(store, b"run", executable=True)),
            ("bin/latest", LinkEntry("../a.txt")),
            ("empty", FolderEntry()),
        ]
    )


def test_a_tree_comes_back_as_it_was_put(store: LocalStore) -> None:
    tree = _sample(store)
    assert store.get_tree(store.put_tree(tree)) == tree


def test_a_tree_can_be_mounted(store: LocalStore) -> None:
    folder = store.tree_path(store.put_tree(_sample(store)))
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    assert found == ["a.txt", "bin", "bin/latest", "bin/run", "empty"]
    assert (folder / "bin/latest").read_bytes() == b"a"
    assert stat.S_IMODE((folder / "bin/run").stat().st_mode) == 0o555
    assert stat.S_IMODE((folder / "a.txt").stat().st_mode) == 0o444


def test_a_tree_takes_no_space_of_its_own(store: LocalStore) -> None:
    entry = _entry(store, b"a")
    folder = store.tree_path(store.put_tree(tree_of([("a.txt", entry)])))
    blob = store.blob_path(store.put_bytes(b"a", "a"))
    assert (folder / "a.txt").stat().st_ino == blob.stat().st_ino


def test_the_empty_tree_is_a_folder(store: LocalStore) -> None:
    assert list(store.tree_path(store.put_tree(Tree(()))).iterdir()) == []


def test_the_order_in_which_entries_come_doesnt_matter(store: LocalStore) -> None:
    tree = _sample(store)
    assert store.put_tree(tree_of(reversed(tree.entries))) == store.put_tree(tree)


@pytest.mark.parametrize(
    "change",
    [
        ("a.txt", None),
        ("a.txt", LinkEntry("bin")),
        ("empty", LinkEntry("bin")),
        ("bin/latest", LinkEntry("run")),
        ("empty/new", FolderEntry()),
    ],
)
def test_every_change_changes_the_digest(store: LocalStore, change: tuple[str, Entry | None]) -> None:
    entries = dict(_sample(store).entries)
    name, entry = change
    entries.pop(name, None)
    changed = tree_of([*entries.items(), *([] if entry is None else [(name, entry)])])
    assert store.put_tree(changed) != store.put_tree(_sample(store))


def test_the_executable_bit_is_in_the_digest(store: LocalStore) -> None:
    plain = tree_of([("a", _entry(store, b"a"))])
    program = tree_of([("a", _entry(store, b"a", executable=True))])
    assert store.put_tree(plain) != store.put_tree(program)


def test_a_folder_comes_right_before_its_content_whatever_other_names_there_are(store: LocalStore) -> None:
    entry = _entry(store, b"")
    tree = tree_of([("a", FolderEntry()), ("a.b", entry), ("a/c", entry), ("a-", entry)])
    assert [path for path, _ in tree.entries] == ["a", "a/c", "a-", "a.b"]
    folder = store.tree_path(store.put_tree(tree))
    assert sorted(os.listdir(folder)) == ["a", "a-", "a.b"]


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", "./a", "a//b", "a/", "no/parent", "nul\0"]
)
def test_a_path_that_is_none_is_refused(store: LocalStore, path: str) -> None:
    entries: list[tuple[str, Entry]] = [("a", FolderEntry()), (path, FolderEntry())]
    with pytest.raises(ValueError, match="not "):
        store.put_tree(tree_of(entries))


@pytest.mark.parametrize("target", ["/etc/passwd", "..", "../..", "inside/../../..", "back/../x"])
def test_a_symlink_that_leads_outside_is_refused(store: LocalStore, target: str) -> None:
    entries: list[tuple[str, Entry]] = [
        ("deep", FolderEntry()),
        ("deep/back", LinkEntry("..")),
        ("deep/link", LinkEntry(target if target != ".." else "../..")),
    ]
    with pytest.raises(ValueError, match="leads outside"):
        store.put_tree(tree_of(entries))


def test_symlinks_in_a_circle_are_kept(store: LocalStore) -> None:
    tree = tree_of([("a", LinkEntry("b")), ("b", LinkEntry("a"))])
    assert store.get_tree(store.put_tree(tree)) == tree


def test_names_of_any_bytes_reach_the_disk(store: LocalStore) -> None:
    names = ["new\nline", b"\xff\xfe".decode("utf-8", "surrogateescape"), "ünï", "-rf", " "]
    entry = _entry(store, b"x")
    folder = store.tree_path(store.put_tree(tree_of((name, entry) for name in names)))
    expected = {name.encode("utf-8", "surrogateescape") for name in names}
    assert set(os.listdir(os.fsencode(folder))) == expected


def test_a_tree_of_files_that_arent_there_is_refused_and_leaves_nothing(
    store: LocalStore, home: Path
) -> None:
    missing = tree_of([("a", FileEntry(Digest("0" * 64), 5))])
    with pytest.raises(StoreCorrupt, match="isn't in the store"):
        store.put_tree(missing)
    assert list(home.glob("trees/??/*")) == []


def test_a_folder_that_isnt_there_is_said_to_be_gone(store: LocalStore) -> None:
    with pytest.raises(StoreCorrupt, match="isn't in the store"):
        store.get_tree(Directory(Digest("0" * 64)))


def test_a_damaged_list_of_entries_is_noticed(store: LocalStore, home: Path) -> None:
    directory = store.put_tree(_sample(store))
    manifest = next(home.glob(f"trees/??/{directory.digest}.json"))
    manifest.write_bytes(manifest.read_bytes().replace(b"a.txt", b"b.txt"))
    with pytest.raises(StoreCorrupt, match="damaged"):
        store.get_tree(directory)


def test_a_folder_that_was_lost_is_made_again_from_its_entries(store: LocalStore) -> None:
    directory = store.put_tree(_sample(store))
    (store.tree_path(directory) / "a.txt").unlink()
    store.put_tree(_sample(store))
    assert (store.tree_path(directory) / "a.txt").read_bytes() == b"a"


def test_many_may_put_the_same_tree_at_once(store: LocalStore, home: Path) -> None:
    tree = _sample(store)
    with LocalStore(home) as other, ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda n: (store, other)[n % 2].put_tree(tree), range(32)))
        assert len(found) == 1
        assert len(list(store.tree_path(found.pop()).rglob("*"))) == len(tree.entries)


def test_who_comes_later_leaves_the_folder_that_somebody_else_made(
    store: LocalStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = _sample(store)
    inodes = []

    def build(*arguments: Any) -> None:
        build_tree(*arguments)
        with LocalStore(home) as other, monkeypatch.context() as undone:
            undone.setattr(trees, "build_tree", build_tree)
            inodes.append(other.tree_path(other.put_tree(tree)).stat().st_ino)

    monkeypatch.setattr(trees, "build_tree", build)
    mine = store.tree_path(store.put_tree(tree))
    assert [mine.stat().st_ino] == inodes
    assert list(home.glob("scratch/*/*")) == []


def test_a_deep_tree_can_be_put_and_read(store: LocalStore) -> None:
    names = ["/".join(["folder" * 10] * depth) for depth in range(1, 200)]
    tree = tree_of([*((name, FolderEntry()) for name in names), (names[-1] + "/file", _entry(store, b"x"))])
    assert store.get_tree(store.put_tree(tree)) == tree


def test_a_tree_can_be_made_while_somebody_else_takes_the_same_file(store: LocalStore, home: Path) -> None:
    entry = _entry(store, b"the same")
    done = threading.Event()

    def take_again() -> None:
        with LocalStore(home) as other, other.scratch("again") as folder:
            blob = store.blob_path(File("x", entry.digest, entry.size, entry.executable))
            while not done.is_set():
                (folder / "x").write_bytes(b"the same")
                (folder / "x").chmod(0o444)
                (folder / "x").rename(blob)

    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(take_again)
        try:
            for number in range(300):
                store.put_tree(tree_of([(f"{number}-{name}", entry) for name in range(20)]))
        finally:
            done.set()
        taking.result()
