"""The key of a home folder."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shunter.engine.errors import StoreError
from shunter.engine.secrets.fingerprint import KEY_FILE, home_key


def test_a_home_has_one_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    key = home_key(tmp_path)
    assert len(key) == 32
    assert home_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_homes_have_different_keys(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert home_key(tmp_path / "a") != home_key(tmp_path / "b")


def test_several_that_make_it_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(home_key, [tmp_path] * 40))
    assert len(keys) == 1


def test_a_key_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(StoreError, match="has 5 bytes; expected 32"):
        home_key(tmp_path)
