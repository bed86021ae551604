"""What somebody does to the store by hand is noticed, said, mended where it can be, and never given to anyone."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.engine.store.ordinary import as_ordinary_user

from shunter.engine.actions.model import Mount
from shunter.engine.actions.result import Result
from shunter.engine.digest import digest_bytes
from shunter.engine.errors import StoreCorrupt
from shunter.engine.executors.local.workspace import make_workspace, place
from shunter.engine.store import content
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Entry, FileEntry, FolderEntry, LinkEntry, tree_of
from shunter.engine.values import Directory, File

KEY = digest_bytes(b"key")
RIGHT, WRONG = b"the right answer", b"the wrong answer"

Alteration = Callable[[Path], None]


def _write(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(WRONG)


def _write_and_hide(path: Path) -> None:
    """As an editor does that keeps modes and times."""
    before = path.stat()
    _write(path)
    path.chmod(before.st_mode)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _exchange(path: Path) -> None:
    """As `sed -i` does, of a file whose times are those of the old one."""
    before, other = path.stat(), path.with_name("other")
    other.write_bytes(WRONG)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


def _cut(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 3)


def _empty(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def _to_symlink(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_bytes(RIGHT)
    path.unlink()
    path.symlink_to(elsewhere)


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


ALTERATIONS = [_write, _write_and_hide, _exchange, _cut, _empty, os.unlink, _to_symlink, _to_folder]


@contextmanager
def _moments_later() -> Iterator[None]:
    """Seals tell what happens more than some fifty milliseconds after them, where times are put back."""
    import time

    time.sleep(0.07)
    yield


@pytest.fixture
def file(store: LocalStore) -> File:
    file = store.put_bytes(RIGHT, "answer.txt")
    store.record(KEY, Result(file, None, None, 1.0, 1.0), {})
    return file


@pytest.fixture
def folder(store: LocalStore) -> Directory:
    kept = store.put_bytes(RIGHT, "x")
    entries: list[tuple[str, Entry]] = [
        ("sub", FolderEntry()),
        ("sub/answer.txt", FileEntry(kept.digest, kept.size)),
        ("sub/run", FileEntry(store.put_bytes(b"run", "x", executable=True).digest, 3, True)),
        ("link", LinkEntry("sub")),
    ]
    directory = store.put_tree(tree_of(entries))
    store.record(KEY, Result(directory, None, None, 1.0, 1.0), {})
    return directory


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_an_altered_file_is_no_result_and_can_be_made_again(
    store: LocalStore, file: File, alter: Alteration, caplog: pytest.LogCaptureFixture
) -> None:
    path = store.blob_path(file)
    with _moments_later():
        alter(path)
    assert store.lookup([KEY]) == {}
    with pytest.raises(StoreCorrupt):
        store.open(file)
    gone = alter in (os.unlink,)
    assert ("isn't what was stored: removed" in caplog.text) is not gone
    assert store.put_bytes(RIGHT, "answer.txt") == file
    assert store.blob_path(file).read_bytes() == RIGHT
    assert list(store.lookup([KEY])) == [KEY]


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_an_alteration_through_a_folder_is_noticed_in_the_folder(
    store: LocalStore, folder: Directory, alter: Alteration
) -> None:
    inside = store.tree_path(folder) / "sub" / "answer.txt"
    in_the_store = store.blob_path(store.put_bytes(RIGHT, "x"))
    with _moments_later():
        alter(inside)
    found = store.lookup([KEY])
    is_left = in_the_store.exists() and in_the_store.read_bytes() == RIGHT
    assert list(found) == ([KEY] if is_left else []), "made again from the file that is left, if it is"
    if is_left:
        assert (store.tree_path(folder) / "sub" / "answer.txt").read_bytes() == RIGHT
    else:
        with pytest.raises(StoreCorrupt):
            store.tree_path(folder)
    assert [damage for damage in store.verify() if damage.path.suffix == ".json"] == []


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_an_alteration_of_a_file_is_noticed_in_the_folders_that_share_it(
    store: LocalStore, folder: Directory, alter: Alteration
) -> None:
    inside = store.tree_path(folder) / "sub" / "answer.txt"
    with _moments_later():
        alter(store.blob_path(store.put_bytes(RIGHT, "x")))
    found = store.lookup([KEY])
    assert inside.read_bytes() == RIGHT if found else True
    assert (KEY in found) is (alter in (_exchange, os.unlink, _to_symlink, _to_folder))


def _add(folder: Path) -> None:
    (folder / "sub" / "more").write_bytes(b"more")


def _remove(folder: Path) -> None:
    (folder / "sub" / "run").unlink()


def _swap(folder: Path) -> None:
    (folder / "sub" / "run").rename(folder / "sub" / "aside")
    (folder / "sub" / "answer.txt").rename(folder / "sub" / "run")
    (folder / "sub" / "aside").rename(folder / "sub" / "answer.txt")


def _lead_elsewhere(folder: Path) -> None:
    (folder / "link").unlink()
    (folder / "link").symlink_to("/etc")


def _no_program(folder: Path) -> None:
    (folder / "sub" / "run").chmod(0o444)


def _move(folder: Path) -> None:
    (folder / "sub").rename(folder / "other")


@pytest.mark.parametrize("alter", [_add, _remove, _swap, _lead_elsewhere, _no_program, _move])
def test_a_folder_that_was_altered_is_made_again_from_its_entries(
    store: LocalStore, folder: Directory, alter: Alteration
) -> None:
    path = store.tree_path(folder)
    with _moments_later():
        alter(path)
    assert list(store.lookup([KEY])) == [KEY]
    whole = store.tree_path(folder)
    assert sorted(str(found.relative_to(whole)) for found in whole.rglob("*")) == [
        "link",
        "sub",
        "sub/answer.txt",
        "sub/run",
    ]
    assert (whole / "sub" / "answer.txt").read_bytes() == RIGHT
    assert os.readlink(whole / "link") == "sub"
    assert os.access(whole / "sub" / "run", os.X_OK)
    assert list(store.verify()) == []


@pytest.mark.parametrize("alter", [_write, _write_and_hide, _empty])
def test_a_list_of_entries_that_was_altered_is_no_result(
    store: LocalStore, folder: Directory, alter: Alteration
) -> None:
    manifest = Path(f"{store.tree_path(folder)}.json")
    with _moments_later():
        alter(manifest)
    assert store.lookup([KEY]) == {}
    assert list(store.verify()) == []


def test_what_wasnt_touched_isnt_read_again(
    store: LocalStore, file: File, folder: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seals are whole however it came in: by itself, by a rename, linked into several folders."""
    other = store.put_tree(tree_of([("again", FileEntry(file.digest, file.size))]))

    def read(_handle: int) -> str:
        raise AssertionError("it was read")

    monkeypatch.setattr(content, "digest_of", read)
    assert list(store.lookup([KEY])) == [KEY]
    assert store.tree_path(other).is_dir()
    assert store.blob_path(file).is_file()


def test_what_a_step_was_given_isnt_read_again(
    store: LocalStore, file: File, folder: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are linked into a folder of the step, which is removed afterwards."""
    mounts = [Mount("/in/answer.txt", file), Mount("/in/folder/one.txt", file), Mount("/other", folder)]
    with store.scratch("step") as scratch:
        place(make_workspace(scratch, owner=None), store, mounts, [])
        assert store.blob_path(file).stat().st_nlink == 4, "a folder of the store has it, too"

    def read(_handle: int) -> str:
        raise AssertionError("it was read")

    monkeypatch.setattr(content, "digest_of", read)
    assert list(store.lookup([KEY])) == [KEY]
    assert store.blob_path(file).stat().st_nlink == 2


def test_what_is_altered_while_a_step_has_it_isnt_sealed_when_the_step_ends(
    store: LocalStore, file: File
) -> None:
    with store.scratch("step") as scratch:
        place(make_workspace(scratch, owner=None), store, [Mount("/in/answer.txt", file)], [])
        with _moments_later():
            _write_and_hide(store.blob_path(file))
    assert store.lookup([KEY]) == {}


def test_a_home_that_was_copied_is_read_once_and_used(store: LocalStore, file: File, tmp_path: Path) -> None:
    import shutil

    store.close()
    shutil.copytree(store.home, tmp_path / "copy", symlinks=True)
    with LocalStore(tmp_path / "copy") as copy:
        assert list(copy.lookup([KEY])) == [KEY]
        assert copy.blob_path(file).read_bytes() == RIGHT


def test_whoever_may_only_read_is_given_what_is_right_and_nothing_else(home: Path) -> None:
    def alter_and_close() -> tuple[bool, bool]:
        with LocalStore(home) as store:
            good, bad = store.put_bytes(RIGHT, "good"), store.put_bytes(b"other", "bad")
            for file in (good, bad):
                os.utime(store.blob_path(file))
            store.blob_path(bad).chmod(0o644)
            store.blob_path(bad).write_bytes(b"OTHER")
            for path in (home / "blobs").iterdir():
                path.chmod(0o555)
            try:
                given = store.blob_path(good).read_bytes() == RIGHT
                try:
                    store.blob_path(bad)
                except StoreCorrupt:
                    return given, True
                except Exception as error:  # noqa: BLE001 - what it is matters less than that nothing is given
                    return given, "can't be written" in str(error)
                return given, False
            finally:
                for path in (home / "blobs").iterdir():
                    path.chmod(0o755)

    assert as_ordinary_user(alter_and_close) == (True, True)


def test_removing_says_which_file_it_was(
    store: LocalStore, file: File, caplog: pytest.LogCaptureFixture
) -> None:
    path = store.blob_path(file)
    _write(path)
    with caplog.at_level(logging.WARNING):
        store.lookup([KEY])
    assert [record.getMessage() for record in caplog.records] == [
        f"{path} isn't what was stored: removed, and made again where it is needed"
    ]
