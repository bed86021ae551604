"""A process that is killed at any moment takes nothing with it but what it was writing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Directory, File, artifacts

WRITER = """
import itertools, os, sys, time
from pathlib import Path
from shunter.engine.actions.result import Result
from shunter.engine.digest import digest_bytes
from shunter.engine.store.local import LocalStore

store = LocalStore(Path(sys.argv[1]))
for number in itertools.count():
    with store.scratch("out") as out:
        (out / "sub").mkdir()
        (out / "sub" / "small").write_bytes(b"%d" % number)
        (out / "sub" / "large").write_bytes(b"%d" % number * 300_000)
        directory = store.put_tree(store.take_folder(out))
    file = store.put_bytes(b"log %d" % number, "log")
    store.record(digest_bytes(b"%d" % number), Result((directory, file), file, None, 0.0, time.time()), {})
    print(number, flush=True)
"""


@pytest.mark.parametrize("rounds", [1, 2, 5, 12])
def test_every_result_is_whole_after_a_kill(home: Path, rounds: int) -> None:
    paths = [path for path in sys.path if path]
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {paths!r}\n{WRITER}", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(rounds)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.readlines()
    with LocalStore(home) as store:
        found = store.lookup([digest_bytes(b"%d" % number) for number in range(len(said) + 1)])
        assert len(found) >= len(said)
        for result in found.values():
            _read_all(store, *artifacts(result.value))
        assert list(store.verify()) == []
        with store.scratch("step") as folder:
            own = folder.parent
            assert set((home / "scratch").iterdir()) == {own, own.with_name(f"{own.name}.lock")}


def _read_all(store: LocalStore, *found: File | Directory) -> None:
    for artifact in found:
        if isinstance(artifact, File):
            assert digest_bytes(store.blob_path(artifact).read_bytes()) == artifact.digest
        else:
            assert len(list(store.tree_path(artifact).rglob("*"))) == 3
