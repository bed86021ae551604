"""A store in a fresh home folder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shunter.engine.store.local import LocalStore
from shunter.engine.store.removal import remove_folder


@pytest.fixture
def home() -> Iterator[Path]:
    """Where no home is yet: below a folder that every user may write to, not below pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-store-"))
    folder.chmod(0o777)
    yield folder / "home"
    remove_folder(folder)


@pytest.fixture
def store(home: Path) -> Iterator[LocalStore]:
    with LocalStore(home) as opened:
        yield opened


@pytest.fixture
def left(store: LocalStore) -> Iterator[Path]:
    """A folder as a container leaves it."""
    with store.scratch("out") as folder:
        yield folder


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of two megabytes, which only those who may mount can have."""
    folder = Path(tempfile.mkdtemp(prefix="shunter-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0777", "shunter-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        folder.rmdir()
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()
