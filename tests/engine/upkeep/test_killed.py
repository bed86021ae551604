"""A prune that is killed, wherever it is, leaves a home that is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engine.upkeep.conftest import DAY, OldHome

from shunter.engine.upkeep.verify import verify

PRUNE = """
import os, sys
from pathlib import Path
from shunter.engine.store.local import LocalStore
from shunter.engine.upkeep.prune import PruneLimits, prune
home, wanted = Path(sys.argv[1]), int(sys.argv[2])
calls = 0
def count(event, arguments):
    global calls
    if event in {"os.remove", "os.rename", "os.rmdir", "sqlite3.connect"}:
        calls += 1
        if calls == wanted:
            os.kill(os.getpid(), 9)
sys.addaudithook(count)
prune(LocalStore(home), home / "runs", PruneLimits(older_than=86400.0), dry=False)
"""


def _prune_until(old: OldHome, step: int) -> int:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", PRUNE, str(old.folder), str(step)]
    return subprocess.run(words, env=environment, timeout=60, check=False).returncode


@pytest.mark.parametrize("step", range(1, 13))
def test_whatever_a_killed_prune_left_is_whole_and_the_next_one_goes_on(old: OldHome, step: int) -> None:
    kept = old.record("kept", (old.file("kept"), old.directory("kept", "shared")))
    gone = [old.record(f"gone {n}", old.directory(f"gone {n}", "shared")) for n in range(3)]
    handle = old.store.handle(old.file("handle"))
    folder = old.runs / "2020"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    old.rest()
    old.age(9 * DAY)
    old.age(0, kept)
    assert _prune_until(old, step) == -signal.SIGKILL
    assert verify(old.store, repair=False).findings == ()
    assert set(old.store.lookup([kept, *gone])) - set(gone) == {kept}
    old.rest()
    old.age(9 * DAY)
    old.age(0, kept)
    assert _prune_until(old, 10_000) == 0
    assert old.results() == {kept}
    assert len(list(old.folder.glob("blobs/*/*"))) == 2
    assert len(list(old.folder.glob("trees/*/*.json"))) == 1
    assert not Path(old.folder / "handles" / handle.removeprefix("artifact:").partition("/")[0]).exists()
    assert verify(old.store, repair=False).findings == ()
