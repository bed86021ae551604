"""Since when the processes at work have been using a store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shunter.engine.store.home import Home, open_home
from shunter.engine.store.lease import Lease, oldest_lease
from shunter.engine.store.local import LocalStore

HOLD = """
import sys, time
from pathlib import Path
from shunter.engine.store.local import LocalStore
store = LocalStore(Path(sys.argv[1]))
store.put_bytes(b"x", "x")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def opened(home: Path) -> Home:
    return open_home(home)


def test_a_store_that_nobody_uses_has_no_lease(store: LocalStore, home: Path) -> None:
    assert oldest_lease(Home(home)) is None
    store.scratch("x")
    assert oldest_lease(Home(home)) is None


def test_a_lease_lasts_from_the_first_use_to_the_end(store: LocalStore, home: Path) -> None:
    before = int(time.time())
    store.lookup([])
    since = oldest_lease(Home(home))
    assert since is not None
    assert before <= since <= time.time()
    store.close()
    assert oldest_lease(Home(home)) is None


def test_of_many_leases_the_oldest_counts(opened: Home) -> None:
    leases = [Lease(opened) for _ in range(40)]
    seconds = [(number * 7919) % 100_003 for number in range(1, 41)]
    for lease, second in zip(leases, seconds, strict=True):
        lease._held = lease._take(second)
    for lease, second in sorted(zip(leases, seconds, strict=True), key=lambda pair: pair[1]):
        assert oldest_lease(opened) == second
        lease.end()
    assert oldest_lease(opened) is None


def test_two_leases_of_one_second_are_two(opened: Home) -> None:
    first, second = Lease(opened), Lease(opened)
    first._held, second._held = first._take(5), second._take(5)
    first.end()
    assert oldest_lease(opened) == 5
    second.end()
    assert oldest_lease(opened) is None


def test_a_killed_process_has_no_lease(opened: Home) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(opened.root)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert oldest_lease(opened) is not None
        child.send_signal(signal.SIGKILL)
    assert oldest_lease(opened) is None
