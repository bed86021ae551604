"""Results by action key."""

from __future__ import annotations

import logging
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from shunter.engine.actions.result import Result
from shunter.engine.digest import Digest, digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.values import Directory, Value

KEY, OTHER = digest_bytes(b"key"), digest_bytes(b"other")


def _result(value: Value, seconds: float = 1.5) -> Result:
    return Result(value, None, None, seconds, 1000.25)


def _keys(count: int) -> list[Digest]:
    return [digest_bytes(b"%d" % number) for number in range(count)]


def _directory(store: LocalStore, content: bytes) -> Directory:
    file = store.put_bytes(content, "x")
    return store.put_tree(tree_of([("a", FileEntry(file.digest, file.size))]))


@pytest.fixture
def rows(store: LocalStore, home: Path) -> Iterator[sqlite3.Connection]:
    """The index as another program sees it, with one result in it."""
    store.record(KEY, _result(store.put_bytes(b"answer", "a.txt")), {"function": "f"})
    with closing(sqlite3.connect(home / "index.sqlite", isolation_level=None)) as connection:
        yield connection


def test_a_result_comes_back_as_it_was_recorded(store: LocalStore, home: Path) -> None:
    file, program = store.put_bytes(b"a", "b\udcff.txt"), store.put_bytes(b"x", "x", executable=True)
    value: Value = {
        "z": (file, program, _directory(store, b"d")),
        "a": {"$file": "data", "n": None},
        "é": 1.5,
        "t": True,
    }
    result = Result(value, store.put_bytes(b"out", "stdout"), store.put_bytes(b"err", "stderr"), 0.25, 17e8)
    store.record(KEY, result, {})
    with LocalStore(home) as later:
        found = later.lookup([KEY])[KEY]
    assert found == result
    assert repr(found.value) == repr(value)


def test_only_what_is_there_is_found(store: LocalStore) -> None:
    store.record(KEY, _result(1), {})
    assert store.lookup([OTHER, KEY, KEY]) == {KEY: _result(1)}
    assert store.lookup([]) == {}


def test_the_last_record_counts(store: LocalStore) -> None:
    store.record(KEY, _result("old"), {})
    store.record(KEY, _result("new"), {})
    assert store.lookup([KEY])[KEY].value == "new"


def test_a_whole_plan_is_answered_at_once(store: LocalStore) -> None:
    keys = _keys(1203)
    for number, key in enumerate(keys):
        store.record(key, _result(number), {})
    found = store.lookup(keys)
    assert [found[key].value for key in keys] == list(range(1203))


@pytest.mark.parametrize("part", ["value", "stdout", "stderr"])
def test_a_result_whose_file_is_gone_is_no_result(store: LocalStore, part: str) -> None:
    kept, gone = store.put_bytes(b"kept", "kept"), store.put_bytes(b"gone", "gone")
    files = {"value": kept, "stdout": kept, "stderr": kept} | {part: gone}
    store.record(KEY, Result((files["value"],), files["stdout"], files["stderr"], 1.0, 1.0), {})
    store.record(OTHER, _result(kept), {})
    store.blob_path(gone).unlink()
    assert list(store.lookup([KEY, OTHER])) == [OTHER]


def test_a_result_whose_file_was_cut_short_is_no_result(store: LocalStore) -> None:
    file = store.put_bytes(b"content", "x")
    store.record(KEY, _result(file), {})
    store.blob_path(file).chmod(0o644)
    os.truncate(store.blob_path(file), 2)
    assert store.lookup([KEY]) == {}


def test_a_result_whose_list_of_entries_is_gone_is_no_result(store: LocalStore) -> None:
    directory = _directory(store, b"x")
    store.record(KEY, _result(directory), {})
    Path(f"{store.tree_path(directory)}.json").unlink()
    assert store.lookup([KEY]) == {}


def test_a_result_whose_folder_is_gone_comes_with_one_made_again(store: LocalStore) -> None:
    directory = _directory(store, b"x")
    store.record(KEY, _result(directory), {})
    place = store.tree_path(directory)
    place.rename(place.with_name("gone"))
    assert list(store.lookup([KEY])) == [KEY]
    assert (place / "a").read_bytes() == b"x"


def _restart_the_machine(rows: sqlite3.Connection) -> None:
    rows.execute("UPDATE results SET boot = 'an earlier one'")


def test_after_a_restart_whole_content_is_trusted_once_it_was_read(
    store: LocalStore, rows: sqlite3.Connection
) -> None:
    _restart_the_machine(rows)
    assert list(store.lookup([KEY])) == [KEY]
    assert rows.execute("SELECT boot FROM results").fetchall() == [("",)]


def test_after_a_restart_content_that_the_disk_lost_is_no_result(
    store: LocalStore, rows: sqlite3.Connection
) -> None:
    file, directory = store.put_bytes(b"answer", "a.txt"), _directory(store, b"in a folder")
    store.record(OTHER, _result(directory), {})
    for path in (store.blob_path(file), store.tree_path(directory) / "a"):
        path.chmod(0o644)
        path.write_bytes(bytes(path.stat().st_size))
    _restart_the_machine(rows)
    assert store.lookup([KEY, OTHER]) == {}
    assert store.blob_path(store.put_bytes(b"answer", "a.txt")).read_bytes() == b"answer"


def test_what_was_lost_in_a_folder_can_be_made_again(store: LocalStore, rows: sqlite3.Connection) -> None:
    directory = _directory(store, b"in a folder")
    store.record(OTHER, _result(directory), {})
    damaged = store.tree_path(directory) / "a"
    damaged.chmod(0o644)
    damaged.write_bytes(b"")
    _restart_the_machine(rows)
    assert OTHER not in store.lookup([OTHER])
    assert _directory(store, b"in a folder") == directory
    assert (store.tree_path(directory) / "a").read_bytes() == b"in a folder"


def test_using_a_result_is_noted(store: LocalStore, rows: sqlite3.Connection) -> None:
    rows.execute("UPDATE results SET last_used = 5")
    store.lookup([KEY])
    assert rows.execute("SELECT last_used > 1e9 FROM results").fetchone() == (1,)


@pytest.mark.parametrize(
    "change",
    [
        "result = replace(result, '6', '7')",
        "result = 'nonsense'",
        "result = '[1]'",
        "seal = seal + 1",
        "result = x'ff'",
    ],
)
def test_a_damaged_row_is_no_result(store: LocalStore, rows: sqlite3.Connection, change: str) -> None:
    rows.execute(f"UPDATE results SET {change}")
    assert store.lookup([KEY]) == {}


@pytest.mark.parametrize("seed", range(20))
def test_damage_that_sqlite_doesnt_notice_gives_no_wrong_answer_and_swallows_nothing(
    home: Path, seed: int
) -> None:
    keys = [digest_bytes(b"%d" % number) for number in range(60)]
    with LocalStore(home) as store:
        result = _result(store.put_bytes(b"answer", "a.txt"))
        for key in keys:
            store.record(key, result, {"of": "x" * 500})
    chance, path = random.Random(seed), home / "index.sqlite"
    with path.open("r+b") as stream:
        stream.seek(chance.randrange(4096, path.stat().st_size))
        stream.write(chance.randbytes(64))
    with LocalStore(home) as store:
        found = store.lookup(keys)
        assert set(found.values()) <= {result}
        for key in [key for key in keys if key not in found]:
            store.record(key, result, {"of": "x" * 500})
    with LocalStore(home) as store:
        assert len(store.lookup(keys)) == len(keys)


def _scribble(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _scramble_pages(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(os.urandom(path.stat().st_size - 4096))


def _other_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def _other_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE results")


DAMAGES = [_scribble, _empty, _cut_in_half, _scramble_pages, _other_version, _other_tables, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_that_is_of_no_use_is_made_anew(home: Path, damage: object) -> None:
    with LocalStore(home) as store:
        for key in _keys(100):
            store.record(key, _result("x" * 100), {})
    assert callable(damage)
    damage(home / "index.sqlite")
    with LocalStore(home) as store:
        assert set(store.lookup(_keys(100)).values()) <= {_result("x" * 100)}
        store.record(KEY, _result("new"), {})
        assert store.lookup([KEY]) == {KEY: _result("new")}


@pytest.mark.parametrize("damage", [_scribble, _cut_in_half, _other_version])
def test_an_index_that_is_of_no_use_is_said_so_and_kept_aside(
    home: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalStore(home) as store:
        for key in _keys(100):
            store.record(key, _result("x" * 100), {})
    assert callable(damage)
    damage(home / "index.sqlite")
    with caplog.at_level(logging.WARNING), LocalStore(home) as store:
        store.record(KEY, _result(1), {})
    assert len(list(home.glob("index.sqlite.unusable-*"))) == 1
    assert "index.sqlite can't be used" in caplog.text


def test_an_index_that_breaks_under_several_processes_is_made_anew_once(home: Path) -> None:
    with LocalStore(home) as store:
        store.record(KEY, _result(1), {})
    _scribble(home / "index.sqlite")
    stores = [LocalStore(home) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(lambda item: item[1].record(_keys(6)[item[0]], _result(item[0]), {}), enumerate(stores))
        )
    assert len(stores[0].lookup(_keys(6))) == 6
    assert len(list(home.glob("index.sqlite.unusable-*"))) == 1
    for store in stores:
        store.close()


def test_a_log_of_changes_without_its_index_is_not_played_into_a_new_one(home: Path, tmp_path: Path) -> None:
    with LocalStore(home) as store:
        store.record(KEY, _result("stale"), {})
        for suffix in ("-wal", "-shm"):
            shutil.copy(home / f"index.sqlite{suffix}", tmp_path)
    (home / "index.sqlite").unlink()
    for suffix in ("-wal", "-shm"):
        shutil.copy(tmp_path / f"index.sqlite{suffix}", home)
    with LocalStore(home) as store:
        assert store.lookup([KEY]) == {}


def test_several_may_record_and_look_up_at_once(store: LocalStore, home: Path) -> None:
    with LocalStore(home) as other, ThreadPoolExecutor(4) as pool:
        keys = _keys(200)
        list(pool.map(lambda n: (store, other)[n % 2].record(keys[n], _result(n), {}), range(200)))
        assert len(other.lookup(keys)) == len(store.lookup(keys)) == 200


def test_nobody_else_may_read_the_index(store: LocalStore, home: Path) -> None:
    store.record(KEY, _result(1), {})
    assert {path.name: path.stat().st_mode & 0o077 for path in home.glob("*.sqlite*")} == {
        "index.sqlite": 0,
        "index.sqlite-wal": 0,
        "index.sqlite-shm": 0,
    }


def test_a_cache_of_its_own_shares_content_and_no_results(store: LocalStore, home: Path) -> None:
    file = store.put_bytes(b"answer", "a.txt")
    store.record(KEY, _result(file), {})
    with closing(store.cache("mine")) as mine, closing(store.cache("yours")) as yours:
        assert mine.lookup([KEY]) == {}
        mine.record(OTHER, _result(file, 2.0), {})
        assert mine.lookup([OTHER])[OTHER].value == file
        assert yours.lookup([OTHER]) == {}
    assert store.lookup([OTHER]) == {}
    with LocalStore(home) as later, closing(later.cache("mine")) as again:
        assert list(again.lookup([KEY, OTHER])) == [OTHER]


def test_a_cache_that_was_dropped_is_empty_and_leaves_no_file(store: LocalStore, home: Path) -> None:
    with closing(store.cache("mine")) as mine:
        mine.record(KEY, _result("a"), {})
    store.drop_cache("mine")
    store.drop_cache("never")
    assert list((home / "caches").iterdir()) == []
    with closing(store.cache("mine")) as mine:
        assert mine.lookup([KEY]) == {}
