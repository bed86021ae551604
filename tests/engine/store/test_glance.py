"""Folders that a glance shows to be as they were when they were last taken."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shunter.engine.errors import StoreCorrupt
from shunter.engine.store.glance import Glance
from shunter.engine.store.local import LocalStore
from shunter.engine.store.seal import set_seal
from shunter.engine.store.trees import LARGE
from shunter.engine.store.walk import glance_at, list_folder
from shunter.engine.values import Directory, File

UNCHANGED = Path(json.__file__).parent
"""A folder of the system, which nobody changed lately."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "in"
    (top / "sub/empty").mkdir(parents=True)
    (top / "sub/a").write_bytes(b"before")
    (top / "b").write_bytes(b"b")
    (top / "link").symlink_to("b")
    return top


def _rewrite(top: Path) -> None:
    """With its size and times as they were; only its inode's time of change tells."""
    before = (top / "sub/a").stat()
    (top / "sub/a").write_bytes(b"after!")
    os.utime(top / "sub/a", ns=(before.st_atime_ns, before.st_mtime_ns))


def _exchange(top: Path) -> None:
    (top / "b").rename(top / "c")
    (top / "sub/a").rename(top / "b")
    (top / "c").rename(top / "sub/a")


def _retarget(top: Path) -> None:
    (top / "link").unlink()
    (top / "link").symlink_to("c")


CHANGES: list[Callable[[Path], object]] = [
    _rewrite,
    _exchange,
    _retarget,
    lambda top: (top / "b").chmod(0o755),
    lambda top: (top / "b").unlink(),
    lambda top: (top / "sub/c").touch(),
    lambda top: (top / "sub/empty").rmdir(),
    lambda top: (top / "sub/empty/inner").mkdir(),
    lambda top: (top / "sub").rename(top / "bus"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_glance_shows_every_change(folder: Path, change: Callable[[Path], object]) -> None:
    before = glance_at(os.fsencode(folder))
    assert glance_at(os.fsencode(folder)) == before
    time.sleep(0.02)  # the kernel counts changes in ticks, and what was just made isn't remembered
    change(folder)
    assert glance_at(os.fsencode(folder)) != before


def test_what_is_seen_when_files_are_read_is_what_a_glance_shows(folder: Path) -> None:
    glance = Glance()
    assert len(list(list_folder(os.fsencode(folder), glance))) == 5
    assert glance.digest == glance_at(os.fsencode(folder))


def test_a_folder_in_which_something_changed_just_now_is_not_remembered(folder: Path) -> None:
    glance = Glance()
    list(list_folder(os.fsencode(folder), glance))
    assert not glance.is_settled(time.time_ns())
    assert glance.is_settled(time.time_ns() + 3_000_000_000)


@pytest.mark.parametrize("large", [0, LARGE])
def test_an_unchanged_folder_isnt_read_again(home: Path, large: int) -> None:
    with LocalStore(home) as store:
        first = store.put_path(UNCHANGED)
    with LocalStore(home, large=large) as store:
        before = _opened()
        assert store.put_path(UNCHANGED) == first
        assert _opened() - before < sum(path.stat().st_size for path in UNCHANGED.glob("*.py"))


def _opened() -> int:
    """Bytes that were read."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["rchar"])


def test_what_the_store_has_of_a_large_folder_is_looked_through_when_it_is_needed(home: Path) -> None:
    with LocalStore(home, large=0) as store:
        first = store.put_path(UNCHANGED)
        assert isinstance(first, Directory)
        _add(store, first)
    with LocalStore(home, large=0) as store:
        assert store.put_path(UNCHANGED) == first
        assert (_place_of(store, first) / "added").exists()
        names = sorted(path.name for path in store.tree_path(first).iterdir())
        assert names == sorted(path.name for path in UNCHANGED.iterdir())


def test_what_the_store_has_of_another_one_is_looked_through_when_it_is_given(home: Path) -> None:
    with LocalStore(home) as store:
        first = store.put_path(UNCHANGED)
        assert isinstance(first, Directory)
        _spoil(store, first)
    with LocalStore(home) as store:
        assert store.put_path(UNCHANGED) == first
        assert list(store.verify()) == []


def _place_of(store: LocalStore, folder: Directory) -> Path:
    return store.home / "trees" / folder.digest[:2] / folder.digest


def _add(store: LocalStore, folder: Directory) -> None:
    """Put something into it, as if it had never been touched."""
    place = _place_of(store, folder)
    (place / "added").touch()
    set_seal(os.fspath(place))


def _spoil(store: LocalStore, folder: Directory) -> None:
    """Alter a file of a folder: it is the store's only copy, under two names."""
    path = store.tree_path(folder) / "__init__.py"
    path.chmod(0o644)
    path.write_bytes(b"spoilt")
    time.sleep(0.1)  # what is done by hand is later than that


def test_a_folder_that_was_glanced_at_and_is_damaged_is_taken_again_when_it_is_needed(home: Path) -> None:
    with LocalStore(home) as store:
        taken = store.put_path(UNCHANGED)
        assert isinstance(taken, Directory)
        _spoil(store, taken)
    with LocalStore(home, large=0) as store:
        assert store.put_path(UNCHANGED) == taken
        assert (store.tree_path(taken) / "__init__.py").read_bytes() == Path(json.__file__).read_bytes()
        assert list(store.verify()) == []


def test_a_glanced_at_folder_that_is_damaged_is_exported_whole(home: Path, tmp_path: Path) -> None:
    with LocalStore(home) as store:
        taken = store.put_path(UNCHANGED)
        assert isinstance(taken, Directory)
        _spoil(store, taken)
    with LocalStore(home, large=0) as store:
        store.put_path(UNCHANGED)
        store.export(taken, tmp_path / "out")
    assert (tmp_path / "out/__init__.py").read_bytes() == Path(json.__file__).read_bytes()


def test_a_folder_that_nobody_can_make_again_is_not_taken_for_being_there(home: Path) -> None:
    """Found out by one process, which doesn't know where it came from, and mended by the next."""
    with LocalStore(home) as store:
        taken = store.put_path(UNCHANGED)
        assert isinstance(taken, Directory)
        _spoil(store, taken)
    with LocalStore(home) as store, pytest.raises(StoreCorrupt):
        store.tree_path(taken)
    with LocalStore(home, large=0) as store:
        assert store.put_path(UNCHANGED) == taken
        assert (store.tree_path(taken) / "__init__.py").read_bytes() == Path(json.__file__).read_bytes()


def test_a_file_that_only_a_folder_has_left_is_given_back_when_the_folder_is_looked_through(
    store: LocalStore, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").write_bytes(b"content")
    taken = store.put_path(tmp_path / "in")
    assert isinstance(taken, Directory)
    file = store.get_tree(taken).find("a")
    assert file is not None
    blob = store.blob_path(store.put_bytes(b"content", "a"))
    time.sleep(0.1)  # what is done by hand is later than that
    blob.unlink()
    store.tree_path(taken)
    assert store.blob_path(File("a", file.digest, 7)).read_bytes() == b"content"  # type: ignore[union-attr]
