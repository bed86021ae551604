"""Memory limits by control groups."""

from __future__ import annotations

import os
import subprocess

import pytest

from shunter.engine.executors.sandbox.cgroup import Hierarchy, find_hierarchy, make_group


@pytest.fixture
def hierarchy() -> Hierarchy:
    found = find_hierarchy()
    if found is None:
        pytest.skip("no control group with a memory controller can be made here")
    return found


def test_an_ordinary_user_has_no_hierarchy() -> None:
    assert os.geteuid() == 0 or find_hierarchy() is None


def test_a_group_limits_counts_and_goes(hierarchy: Hierarchy) -> None:
    group = make_group(hierarchy, "test", limit=64 << 20)
    try:
        assert not group.ran_out()
        with subprocess.Popen(
            ["/bin/sh", "-c", "read -r word; x=$(head -c 200000000 /dev/zero | tr '\\0' x)"],
            stdin=subprocess.PIPE,
        ) as greedy:
            group.add(greedy.pid)
            greedy.communicate(b"go\n")
        assert group.ran_out()
    finally:
        group.remove()
    assert not group.path.exists()


def test_groups_of_engines_that_were_killed_are_swept(hierarchy: Hierarchy) -> None:
    with subprocess.Popen(["/bin/true"]) as gone:
        pass
    stale, own = hierarchy.path / f"{gone.pid}-stale", make_group(hierarchy, "own", limit=64 << 20)
    stale.mkdir()
    try:
        find_hierarchy()
        assert (stale.exists(), own.path.exists()) == (False, True)
    finally:
        own.remove()
