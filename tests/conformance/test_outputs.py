"""What a step leaves in /out, as the engine takes it."""

from __future__ import annotations

import signal

import pytest
from tests.conformance.steps import entries, execute, shell, text

from shunter.engine.actions.model import Limits
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree
from shunter.engine.values import File


def _content(store: LocalStore, entry: object) -> bytes:
    assert isinstance(entry, FileEntry)
    return store.blob_path(File("file", entry.digest, entry.size, entry.executable)).read_bytes()


def test_files_folders_and_inner_symlinks_are_taken(executor: Executor, store: LocalStore) -> None:
    script = """
    cd /out && mkdir -p deep/er empty && echo one >a.txt && echo two >deep/er/b.txt
    printf '#!/bin/sh\n' >run && chmod 4755 run && ln -s deep/er/b.txt link && ln a.txt twin
    chmod 000 deep/er
    """
    execution = execute(executor, shell(script))
    assert (execution.ending, execution.exit_code, text(store, execution.stderr)) == (Ending.EXITED, 0, "")
    found = entries(execution)
    assert list(found) == ["a.txt", "deep", "deep/er", "deep/er/b.txt", "empty", "link", "run", "twin"]
    assert _content(store, found["a.txt"]) == _content(store, found["twin"]) == b"one\n"
    assert _content(store, found["deep/er/b.txt"]) == b"two\n"
    assert isinstance(found["run"], FileEntry)
    assert found["run"].executable
    assert found["link"] == LinkEntry("deep/er/b.txt")
    assert found["empty"] == FolderEntry()


def test_what_was_taken_belongs_to_the_store_alone(executor: Executor, store: LocalStore) -> None:
    found = entries(execute(executor, shell("echo result >/out/a; chmod 4777 /out/a")))["a"]
    assert isinstance(found, FileEntry)
    path = store.blob_path(File("a", found.digest, found.size, found.executable))
    assert path.stat().st_mode & 0o7222 == 0


@pytest.mark.parametrize(
    "script",
    [
        "ln -s /etc/passwd /out/absolute",
        "mkdir /out/sub; ln -s ../../escape /out/sub/escaping",
        "mkfifo /out/pipe",
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/out/socket\")'",
        "rmdir /work/out; ln -s /etc /work/out",
        "rmdir /work/out; echo file >/work/out",
    ],
)
def test_outputs_that_cannot_be_trusted_are_refused(executor: Executor, script: str) -> None:
    execution = execute(executor, shell(script))
    assert (execution.ending, execution.out) == (Ending.UNSAFE_OUTPUT, Tree(()))
    assert execution.detail


def test_a_step_that_removes_out_leaves_nothing(executor: Executor) -> None:
    execution = execute(executor, shell("rmdir /work/out"))
    assert (execution.ending, execution.exit_code, execution.out) == (Ending.EXITED, 0, Tree(()))


def test_a_failed_step_leaves_no_outputs_but_its_words(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, shell("echo half >/out/a; echo said; echo complained >&2; exit 3"))
    assert (execution.ending, execution.exit_code, execution.out) == (Ending.EXITED, 3, Tree(()))
    assert text(store, execution.stdout) == "said\n"
    assert text(store, execution.stderr) == "complained\n"


def test_a_silent_step_has_no_logs(executor: Executor) -> None:
    execution = execute(executor, shell("true"))
    assert (execution.stdout, execution.stderr) == (None, None)


def test_a_long_log_is_kept_from_its_end(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, shell("yes 0123456789 | head -c 30000003; echo the end"))
    assert execution.stdout is not None
    assert execution.stdout.size < 9 << 20
    lines = text(store, execution.stdout).splitlines()
    assert "30000011 bytes were printed" in lines[0]
    assert lines[-1] == "the end"


def test_a_file_may_not_outgrow_its_limit(executor: Executor) -> None:
    limits = Limits(seconds=30, file_size=1 << 20)
    execution = execute(executor, shell("exec head -c 2000000 /dev/zero >/out/big", limits=limits))
    assert (execution.ending, execution.exit_code) == (Ending.SIGNALLED, 128 + signal.SIGXFSZ)
