"""What is kept of a failed step's folder."""

from __future__ import annotations

import os
from pathlib import Path

from shunter.engine.digest import digest_bytes
from shunter.engine.store.left import ENTRIES, Left
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree

NOTHING = Tree(())
MOST = 1 << 20


def _take(store: LocalStore, folder: Path, *, most: int = MOST, taken: Tree = NOTHING) -> tuple[Left, Tree]:
    left = store.take_left(folder, most=most, taken=taken)
    return left, store.get_tree(left.folder)


def test_files_folders_and_inner_symlinks_are_kept(store: LocalStore, left: Path) -> None:
    (left / "out").mkdir()
    (left / "out/half").write_bytes(b"half")
    (left / "run").write_bytes(b"run")
    (left / "run").chmod(0o755)
    (left / "latest").symlink_to("out/half")
    kept, tree = _take(store, left)
    assert (kept.files, kept.size, kept.omitted, kept.more) == (2, 7, (), 0)
    assert dict(tree.entries) == {
        "latest": LinkEntry("out/half"),
        "out": FolderEntry(),
        "out/half": FileEntry(digest_bytes(b"half"), 4),
        "run": FileEntry(digest_bytes(b"run"), 3, executable=True),
    }


def test_what_is_no_file_folder_or_inner_symlink_is_left_out_and_named(store: LocalStore, left: Path) -> None:
    os.mkfifo(left / "pipe")
    (left / "passwd").symlink_to("/etc/passwd")
    (left / "above").symlink_to("../above")
    (left / "good").write_bytes(b"good")
    kept, tree = _take(store, left)
    assert [path for path, _ in tree.entries] == ["good"]
    assert sorted(kept.omitted) == [
        "'above' is a symlink to '../above'",
        "'passwd' is a symlink to '/etc/passwd'",
        "'pipe' is a named pipe; only files, folders and symlinks can be taken",
    ]


def test_what_is_too_large_is_left_out_and_what_is_small_kept(store: LocalStore, left: Path) -> None:
    for name, size in (("large", 2 * MOST), ("b", 10), ("c", 10)):
        (left / name).write_bytes(b"x" * size)
    with (left / "holes").open("wb") as holes:
        holes.truncate(1 << 40)
    kept, tree = _take(store, left)
    assert [path for path, _ in tree.entries] == ["b", "c"]
    assert len(kept.omitted) == 2


def test_no_more_is_kept_than_may_be_whatever_was_taken_before(store: LocalStore, left: Path) -> None:
    (left / "out").mkdir()
    (left / "out" / "late").write_bytes(b"x" * 60)
    early = store.put_bytes(b"y" * 60, "early")
    small = store.put_bytes(b"z" * 30, "small")
    entries = {"early": FileEntry(early.digest, 60), "small": FileEntry(small.digest, 30)}
    taken = Tree(tuple(entries.items())).inside("out")
    kept, tree = _take(store, left, most=100, taken=taken)
    assert [path for path, _ in tree.entries] == ["out", "out/late", "out/small"]
    assert (kept.size, len(kept.omitted)) == (90, 1)
    assert "'out/early' has 60 bytes" in kept.omitted[0]


def test_a_folder_of_too_many_names_is_cut(store: LocalStore, left: Path) -> None:
    for number in range(ENTRIES + 100):
        (left / str(number)).touch()
    kept, tree = _take(store, left)
    assert len(tree.entries) == ENTRIES
    assert kept.omitted == (f"more than {ENTRIES} files and folders were left",)


def test_many_omissions_are_counted(store: LocalStore, left: Path) -> None:
    for number in range(25):
        os.mkfifo(left / str(number))
    kept, _ = _take(store, left)
    assert (len(kept.omitted), kept.more) == (10, 15)


def test_a_folder_too_deep_is_cut_there(store: LocalStore, left: Path) -> None:
    where = left
    for _ in range(300):
        where = where / "d"
        where.mkdir()
    kept, tree = _take(store, left)
    assert len(tree.entries) == 256
    assert "deep" in kept.omitted[0]
