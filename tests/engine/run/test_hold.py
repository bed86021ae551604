"""Who goes on with a run."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from shunter.engine.errors import RunBusy
from shunter.engine.run.hold import held_lock, is_held

_FOR_A_MOMENT = 0.05


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_a_lock_that_is_let_go_of_in_a_moment_is_waited_for(path: Path) -> None:
    letting_go = threading.Timer(_FOR_A_MOMENT, os.close, [held_lock(path)])
    letting_go.start()
    os.close(held_lock(path))
    letting_go.join()


def test_a_lock_that_is_kept_is_refused(path: Path) -> None:
    lock = held_lock(path)
    with pytest.raises(RunBusy, match="still going on"):
        held_lock(path)
    os.close(lock)


def test_a_run_goes_on_while_its_lock_is_kept(path: Path) -> None:
    assert not is_held(path)
    lock = held_lock(path)
    assert is_held(path)
    os.close(lock)
    assert not is_held(path)
