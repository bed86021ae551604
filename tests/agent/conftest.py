"""A workspace of its own for every test, and the module `toy`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.toys import write_toys

from shunter.agent import Workspace


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    """The folder of the module `toy`."""
    return write_toys(tmp_path / "modules")


@pytest.fixture
def workspace(home: Path, toys: Path) -> Iterator[Workspace]:
    """A workspace that has the module `toy`."""
    with Workspace(home=home, modules=[toys]) as opened:
        yield opened
