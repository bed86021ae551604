"""The short form of `make soak`: a few kills, two processes at once, damage and full disks."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.soak.crowd import Crowd
from tests.soak.damage import (
    a_file_altered_with_its_times_put_back,
    a_file_of_a_folder_replaced,
    a_list_of_entries_deleted,
    the_index_deleted,
    the_index_without_its_log,
)
from tests.soak.disks import Disks
from tests.soak.faults import Faults
from tests.soak.kills import Kills
from tests.soak.tally import Tally

_ONE_OF_EACH = (
    a_file_altered_with_its_times_put_back,
    a_file_of_a_folder_replaced,
    a_list_of_entries_deleted,
    the_index_deleted,
    the_index_without_its_log,
)


@pytest.fixture
def tally() -> Iterator[Tally]:
    counted = Tally(stream=sys.stderr)
    yield counted
    assert counted.violations == []


def test_a_kill_at_any_moment_loses_at_most_what_was_running(open_folder: Path, tally: Tally) -> None:
    kills = Kills(open_folder / "here", open_folder / "home", tally, random.Random(1))
    for number in range(6):
        kills.round(f"kill {number}")
    assert tally.counts["kills"] == tally.counts["resumed"] + tally.counts["run again"] == 6


def test_what_processes_need_at_once_runs_once(open_folder: Path, tally: Tally) -> None:
    crowd = Crowd(open_folder / "here", open_folder / "home", tally, random.Random(2), size=2)
    for number in range(2):
        crowd.round(f"crowd {number}")
    assert tally.counts["equal calls run once"] > 20


def test_damage_is_noticed_said_and_mended(open_folder: Path, tally: Tally) -> None:
    """One of each sort: the tests of the store have every sort, in a process of their own."""
    faults = Faults(open_folder / "here", open_folder / "home", tally, random.Random(3))
    task = faults.prepare("faults")
    for damage in _ONE_OF_EACH:
        faults.damaged(task, damage)


@pytest.mark.parametrize("kind", ["full", "limited", "read_only", "of_another_format"])
def test_a_home_that_takes_nothing_is_named_and_works_afterwards(
    open_folder: Path, tally: Tally, kind: str
) -> None:
    getattr(Disks(open_folder, tally, random.Random(3)), kind)("disks")
    if not tally.counts["refusals"]:
        pytest.skip("no file system can be mounted here")
