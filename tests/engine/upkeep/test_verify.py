"""What is damaged is found, is said with what depends on it, and can be made again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.engine.upkeep.conftest import OldHome

from shunter.engine.store.local import LocalStore
from shunter.engine.upkeep.findings import Mending
from shunter.engine.upkeep.verify import Verified, verify


def _damage(path: Path, content: bytes = b"dam") -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def _verify(old: OldHome, *, repair: bool = False) -> Verified:
    return verify(old.store, repair=repair)


def test_a_whole_home_has_no_findings(old: OldHome) -> None:
    old.record("a", (old.file("one"), old.directory("two", "three")))
    old.store.handle(old.file("four"))
    found = _verify(old)
    assert found.findings == ()
    assert (found.files, found.folders, found.results) == (4, 1, 1)


def test_a_damaged_file_is_said_with_the_results_that_need_it(old: OldHome) -> None:
    file = old.file("abc")
    old.record("direct", file, label="toy.direct")
    old.record("inside", old.directory("abc", "other"), label="toy.inside")
    old.record("another", old.file("another"), label="toy.another")
    path = old.store.blob_path(file)
    _damage(path)
    first, second = _verify(old).findings
    assert first.what == str(path)
    assert first.reason == "the file's content differs from its digest"
    assert {user.function for user in first.dependents} == {"toy.direct", "toy.inside"}
    assert second.reason == "'0' in the folder isn't what it was"
    assert [user.function for user in second.dependents] == ["toy.inside"]
    assert {first.mending, second.mending} == {Mending.LEFT}
    assert len(_verify(old).findings) == 2


def test_what_was_repaired_is_made_again(old: OldHome) -> None:
    file = old.file("abc")
    keys = [old.record("direct", file), old.record("inside", old.directory("abc", "other"))]
    kept = old.record("kept", old.file("kept"))
    _damage(old.store.blob_path(file))
    assert [found.mending for found in _verify(old, repair=True).findings] == [Mending.REMOVED] * 2
    assert _verify(old).findings == ()
    assert list(old.store.lookup([*keys, kept])) == [kept]
    assert old.store.blob_path(old.file("abc")).read_bytes() == b"abc"
    assert old.results() == {kept}


def test_a_folder_whose_files_are_whole_is_made_again_at_once(old: OldHome) -> None:
    directory = old.directory("a", "b")
    key = old.record("folder", directory)
    (old.store.tree_path(directory) / "0").unlink()
    (found,) = _verify(old, repair=True).findings
    assert found.mending is Mending.MADE_AGAIN
    assert list(old.store.lookup([key])) == [key]
    assert (old.store.tree_path(directory) / "0").read_bytes() == b"a"
    assert _verify(old).findings == ()


def test_a_folder_one_of_whose_files_is_gone_from_the_store_is_found(old: OldHome) -> None:
    directory = old.directory("a", "b")
    key = old.record("folder", directory)
    old.store.blob_path(old.file("a")).unlink()
    (found,) = _verify(old, repair=True).findings
    assert found.reason == "files of it are gone from the store: 1 of 2"
    assert found.mending is Mending.MADE_AGAIN
    assert list(old.store.lookup([key])) == [key]
    assert old.has(old.file("a"))
    assert _verify(old).findings == ()


def test_a_result_whose_content_is_gone_is_found(old: OldHome) -> None:
    file = old.file("a")
    old.record("key", (file, 1), label="toy.f")
    old.store.blob_path(file).unlink()
    (found,) = _verify(old).findings
    assert (found.what, found.reason) == (
        "a result of toy.f in index.sqlite",
        "1 of its files and folders are gone",
    )
    assert _verify(old, repair=True).findings[0].mending is Mending.REMOVED
    assert old.results() == set()


def test_a_damaged_row_is_found(old: OldHome) -> None:
    old.record("key", 1)
    with closing(sqlite3.connect(old.folder / "index.sqlite", isolation_level=None)) as rows:
        rows.execute("UPDATE results SET result = replace(result, '1', '2')")
    (found,) = _verify(old, repair=True).findings
    assert found.reason == "its row is damaged"
    assert _verify(old).findings == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]"])
def test_a_handle_that_names_nothing_is_found(old: OldHome, content: bytes) -> None:
    handle = old.store.handle(old.file("a"))
    (old.folder / "handles" / handle.removeprefix("artifact:").partition("/")[0]).write_bytes(content)
    (found,) = _verify(old, repair=True).findings
    assert found.what.startswith("the handle artifact:")
    assert _verify(old).findings == ()


def test_a_file_that_was_made_again_meanwhile_stays(old: OldHome) -> None:
    file = old.file("abc")
    path = old.store.blob_path(file)
    _damage(path, b"abcd")
    with LocalStore(old.folder) as other:

        def mend(done: int, total: int) -> None:
            other.put_bytes(b"abc", "x")

        (found,) = verify(old.store, repair=True, progress=mend).findings
    assert found.mending is Mending.MADE_AGAIN
    assert path.read_bytes() == b"abc"


def test_what_is_removed_meanwhile_is_no_damage(old: OldHome) -> None:
    files = [old.file(str(number)) for number in range(4)]
    folder = old.directory("x", "y")

    def remove(done: int, total: int) -> None:
        for file in files:
            old.store.parts.blobs.path(file.digest)
            Path(old.store.parts.blobs.path(file.digest)).unlink(missing_ok=True)
        old.store.parts.trees.discard(folder.digest)

    assert verify(old.store, repair=False, progress=remove).findings == ()
