"""A store for what is lowered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.engine.store.local import LocalStore


@pytest.fixture
def store(open_folder: Path) -> Iterator[LocalStore]:
    with LocalStore(open_folder / "home") as opened:
        yield opened
