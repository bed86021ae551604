"""The home folder."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path

import pytest
from tests.engine.store.ordinary import USER, as_ordinary_user

from shunter.engine.actions.result import Result
from shunter.engine.digest import digest_bytes
from shunter.engine.errors import StoreError
from shunter.engine.store.home import default_home
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, tree_of


def _refusal(home: Path) -> StoreError:
    with pytest.raises(StoreError) as refused:
        LocalStore(home)
    return refused.value


def test_a_home_is_made_with_the_folders_above_it_and_opened_again(home: Path) -> None:
    with LocalStore(home / "a/b") as store:
        file = store.put_bytes(b"x", "x")
    with LocalStore(home / "a/b") as store:
        assert store.blob_path(file).read_bytes() == b"x"


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHUNTER_HOME", str(tmp_path / "there"))
    assert default_home() == tmp_path / "there"


def test_without_a_word_root_and_users_have_homes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHUNTER_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/somebody/.local/share")
    assert as_ordinary_user(default_home) == Path("/home/somebody/.local/share/shunter")
    if os.geteuid() == 0:
        assert default_home() == Path("/var/lib/shunter")


def _no_home() -> str:
    try:
        return str(default_home())
    except StoreError as error:
        return f"{error.message}: {error.hint}"


@pytest.mark.parametrize("place", ["", "relative"])
def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    for name in ("SHUNTER_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", place)
    said = as_ordinary_user(_no_home)
    known = os.geteuid() != 0 and place == ""  # then the machine's own list of users may know one
    assert known or (said.startswith("this user has no home folder") and "SHUNTER_HOME" in said)


def test_a_home_of_another_version_is_refused_and_left_alone(home: Path) -> None:
    LocalStore(home).close()
    (home / "format").write_text("7\n")
    refused = _refusal(home)
    assert (
        refused.message == f"shunter's home folder {home} has format '7'; this version of shunter reads '1'"
    )
    assert refused.hint is not None
    assert "SHUNTER_HOME" in refused.hint


def test_a_folder_of_other_things_is_no_home(home: Path) -> None:
    home.mkdir()
    (home / "thesis.tex").touch()
    assert "other files are in it" in _refusal(home).message
    assert os.listdir(home) == ["thesis.tex"]


def test_a_file_is_no_home(home: Path) -> None:
    home.touch()
    assert str(home) in _refusal(home).message


def test_a_home_that_was_half_made_is_finished(home: Path) -> None:
    (home / "blobs").mkdir(parents=True)
    with LocalStore(home) as store:
        store.put_tree(tree_of([("a", FileEntry(store.put_bytes(b"x", "x").digest, 1))]))


def test_content_that_somebody_removed_by_hand_is_made_again(home: Path) -> None:
    with LocalStore(home) as store:
        store.put_bytes(b"x", "x")
    (home / "blobs").rename(home.parent / "away")
    with LocalStore(home) as store:
        assert store.blob_path(store.put_bytes(b"x", "x")).read_bytes() == b"x"


def test_a_home_that_cant_be_written_is_named(home: Path) -> None:
    home.mkdir()
    home.chmod(0o555)
    if os.geteuid() == 0:
        os.chown(home, USER, USER)
    message = as_ordinary_user(lambda: _refusal(home).message)
    assert message == f"shunter's home folder {home} can't be written (permission denied)"


def test_an_ordinary_user_has_a_home_to_himself(home: Path) -> None:
    def use() -> bytes:
        with LocalStore(home) as store:
            return store.blob_path(store.put_bytes(b"mine", "x")).read_bytes()

    assert as_ordinary_user(use) == b"mine"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs steps under another uid")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_uid_of_steps_reaches_roots_content_but_cant_list_or_change_it(home: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with LocalStore(home) as store, store.scratch("step") as scratch:
            file = store.put_bytes(b"content", "x")
            folder = store.tree_path(store.put_tree(tree_of([("sub", FileEntry(file.digest, 7))])))
            (scratch / "out").mkdir()
            (scratch / "out").chmod(0o755)
            assert as_ordinary_user(store.blob_path(file).read_bytes) == b"content"
            assert as_ordinary_user((folder / "sub").read_bytes) == b"content"
            assert as_ordinary_user(partial(os.listdir, folder)) == ["sub"]
            assert as_ordinary_user(partial(os.listdir, scratch / "out")) == []
            for closed in (home, home / "blobs", home / "scratch", scratch):
                assert as_ordinary_user(partial(os.access, closed, os.R_OK)) is False
            assert as_ordinary_user(partial(os.access, folder, os.W_OK)) is False
    finally:
        os.umask(before)


def test_a_full_disk_is_said_and_nothing_half_written_is_kept(small_disk: Path) -> None:
    with LocalStore(small_disk / "home") as store:
        small = store.put_bytes(b"small", "small")
        with pytest.raises(StoreError) as refused:
            store.put_bytes(os.urandom(3 << 20), "big")
        assert refused.value.message.startswith(
            f"no space is left for shunter's home folder {small_disk}/home"
        )
        assert refused.value.hint == "make space, or set SHUNTER_HOME to a folder on another disk"
        assert [path.stat().st_size for path in (small_disk / "home").rglob("blobs/??/*")] == [5]
        left = [path.suffix for path in (small_disk / "home/scratch").rglob("*") if path.is_file()]
        assert left == [".lock"]
        assert store.blob_path(small).read_bytes() == b"small"


def test_a_full_disk_while_taking_an_input_is_the_homes_fault_not_the_inputs(
    small_disk: Path, tmp_path: Path
) -> None:
    (tmp_path / "big").write_bytes(os.urandom(3 << 20))
    with LocalStore(small_disk / "home") as store, pytest.raises(StoreError, match="no space is left"):
        store.put_path(tmp_path / "big")


def test_a_full_disk_while_recording_is_said(small_disk: Path) -> None:
    key = digest_bytes(b"key")
    with LocalStore(small_disk / "home") as store:
        store.record(key, Result(1, None, None, 1.0, 1.0), {})
        with pytest.raises(StoreError, match="no space is left"):
            store.record(digest_bytes(b"big"), Result("x" * (3 << 20), None, None, 1.0, 1.0), {})
        assert store.lookup([key, digest_bytes(b"big")]) == {key: Result(1, None, None, 1.0, 1.0)}
