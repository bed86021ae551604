"""Handles: short names for what is in the store."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shunter.engine.errors import InputError
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, tree_of
from shunter.engine.values import Directory, File


def test_a_handle_is_short_names_the_file_and_finds_it_again(store: LocalStore) -> None:
    file = store.put_bytes(b"hello", "talk.txt", executable=True)
    handle = store.handle(file)
    assert re.fullmatch(r"artifact:[0-9a-f]{12}/talk\.txt", handle)
    assert store.find(handle) == file
    assert store.find(handle.partition("/")[0]) == file
    assert store.handle(file) == handle


def test_name_and_mode_are_part_of_what_a_handle_stands_for(store: LocalStore) -> None:
    files = [
        store.put_bytes(b"x", "a"),
        store.put_bytes(b"x", "b"),
        store.put_bytes(b"x", "a", executable=True),
    ]
    assert [store.find(store.handle(file)) for file in files] == files
    assert len({store.handle(file) for file in files}) == 3


def test_folders_have_handles_too(store: LocalStore) -> None:
    file = store.put_bytes(b"x", "a")
    folder = store.put_tree(tree_of([("a", FileEntry(file.digest, file.size))]))
    handle = store.handle(folder)
    assert re.fullmatch(r"artifact:[0-9a-f]{12}/", handle)
    assert store.find(handle) == folder
    assert isinstance(store.find(handle), Directory)


def test_handles_outlive_the_process_that_gave_them(open_folder: Path) -> None:
    with LocalStore(open_folder / "home") as store:
        file = store.put_bytes(b"x", "a")
        handle = store.handle(file)
    with LocalStore(open_folder / "home") as store:
        assert store.find(handle) == file


def test_two_artifacts_never_share_a_handle(store: LocalStore) -> None:
    file = store.put_bytes(b"x", "a")
    handle = store.handle(file)
    short = handle.removeprefix("artifact:").partition("/")[0]
    (store.home / "handles" / short).write_text('"another"')
    longer = store.handle(file)
    assert re.fullmatch(r"artifact:[0-9a-f]{20}/a", longer)
    assert store.find(longer) == file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("artifact:000000000000/x", "there is no artifact 'artifact:000000000000/x' here"),
        ("artifact:../../etc/passwd", "'artifact:../../etc/passwd' is no handle"),
        ("artifact:", "'artifact:' is no handle"),
        ("artifact:0123", "'artifact:0123' is no handle"),
        ("artifact:000000000000\n", "there is no artifact 'artifact:000000000000"),
    ],
)
def test_what_is_no_handle_is_told(text: str, said: str, store: LocalStore) -> None:
    with pytest.raises(InputError) as caught:
        store.find(text)
    assert caught.value.message.startswith(said)


def test_a_name_may_be_of_any_bytes(store: LocalStore) -> None:
    file = File("\udcff a/..".replace("/", "_"), store.put_bytes(b"x", "a").digest, 1)
    assert store.find(store.handle(file)) == file
