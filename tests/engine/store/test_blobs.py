"""Files by digest."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import StoreCorrupt
from shunter.engine.store.local import LocalStore
from shunter.engine.values import File


def test_content_comes_back_under_its_name_size_and_digest(store: LocalStore) -> None:
    file = store.put_bytes(b"hello", "greeting.txt")
    assert file == File("greeting.txt", digest_bytes(b"hello"), 5)
    with store.open(file) as stream:
        assert stream.read() == b"hello"


def test_equal_content_is_one_inode_whatever_its_name(store: LocalStore) -> None:
    one, two = store.put_bytes(b"same", "a"), store.put_bytes(b"same", "b")
    assert store.blob_path(one) == store.blob_path(two)


def test_a_file_and_an_executable_of_equal_content_have_modes_of_their_own(store: LocalStore) -> None:
    plain = store.put_bytes(b"#!/bin/sh\n", "run")
    program = store.put_bytes(b"#!/bin/sh\n", "run", executable=True)
    assert plain.digest == program.digest
    assert stat.S_IMODE(store.blob_path(plain).stat().st_mode) == 0o444
    assert stat.S_IMODE(store.blob_path(program).stat().st_mode) == 0o555


def test_content_that_is_gone_is_said_to_be_gone(store: LocalStore) -> None:
    file = store.put_bytes(b"precious", "a.txt")
    store.blob_path(file).unlink()
    with pytest.raises(StoreCorrupt, match=r"the file 'a\.txt' \(.*\) isn't in the store"):
        store.open(file)


def test_content_that_was_cut_short_is_not_given(store: LocalStore) -> None:
    file = store.put_bytes(b"precious", "a.txt")
    _cut(store.blob_path(file))
    with pytest.raises(StoreCorrupt):
        store.open(file)


def test_putting_content_again_heals_what_was_cut_short(store: LocalStore) -> None:
    file = store.put_bytes(b"precious", "a.txt")
    _cut(store.blob_path(file))
    store.put_bytes(b"precious", "a.txt")
    assert store.blob_path(file).read_bytes() == b"precious"


def test_many_may_put_the_same_content_at_once(store: LocalStore, home: Path) -> None:
    with LocalStore(home) as other, ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda n: (store, other)[n % 2].put_bytes(b"x" * 100_000, "x"), range(64)))
        assert set(files) == {files[0]}
        assert store.blob_path(files[0]).read_bytes() == b"x" * 100_000


def test_nothing_is_left_of_the_writing(store: LocalStore, home: Path) -> None:
    store.put_bytes(b"x", "x")
    left = [path.suffix for path in (home / "scratch").rglob("*") if path.is_file()]
    assert left == [".lock"]


def _cut(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 3)
