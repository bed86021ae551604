"""A store, and a registry that all tests of this folder push to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.images import registry as registries

from shunter.engine.store.local import LocalStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore(tmp_path / "home") as opened:
        yield opened


@pytest.fixture(scope="session")
def registry() -> Iterator[registries.Registry]:
    with registries.running() as running:
        yield running
