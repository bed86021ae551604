"""A store that takes what is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.engine.store.local import LocalStore


@pytest.fixture
def store(open_folder: Path) -> Iterator[LocalStore]:
    with LocalStore(open_folder / "home") as opened:
        yield opened


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is fresh."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
