"""A store that steps may reach, and the sandbox on it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.store.local import LocalStore


@pytest.fixture
def home() -> Iterator[Path]:
    # Not below pytest's own folder: where the tests run as root, steps have a uid that may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="shunter-test-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    with LocalStore(home) as opened:
        yield opened


@pytest.fixture
def sandbox(store: LocalStore) -> SandboxExecutor:
    return SandboxExecutor(store)
