"""What a step leaves in /out, as the engine takes it."""

from __future__ import annotations

import os

import pytest
from tests.conformance.steps import entries, execute, shell, step, text

from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, FolderEntry, LinkEntry, Tree
from shunter.engine.values import File

pytestmark = pytest.mark.promise(Promise.OUTPUTS)

DEEP = """
import os, sys
os.chdir("/out")
for _ in range(int(sys.argv[1])):
    os.mkdir("d")
    os.chdir("d")
open("file", "w").write("deep")
"""


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
        "ln -s ../work/secret /out/outside",
        "mkdir /out/sub; ln -s sub/../../x /out/roundabout",
        "mkfifo /out/pipe",
        "mkdir /out/sub; mkfifo /out/sub/pipe; echo good >/out/good",
        "truncate -s 2G /out/holes",
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/out/socket\")'",
        "rmdir /work/out; ln -s /etc /work/out",
        "rmdir /work/out; echo file >/work/out",
    ],
)
def test_outputs_that_cannot_be_trusted_are_refused(executor: Executor, script: str) -> None:
    execution = execute(executor, shell(script))
    assert (execution.ending, execution.out) == (Ending.UNSAFE_OUTPUT, Tree(()))
    assert execution.detail


def test_names_of_any_bytes_are_kept(executor: Executor, store: LocalStore) -> None:
    script = r"""cd /out && printf one >"$(printf 'two\nlines')" && mkdir ' -rf *' && printf two >"$(printf '\xe9')" """
    found = entries(execute(executor, step("/bin/bash", "-c", script)))
    assert list(found) == [" -rf *", "two\nlines", os.fsdecode(b"\xe9")]
    assert _content(store, found["two\nlines"]) == b"one"


def test_a_set_user_id_bit_is_stripped(executor: Executor, store: LocalStore) -> None:
    found = entries(execute(executor, shell("cp /bin/true /out/root; chmod 6755 /out/root")))["root"]
    assert isinstance(found, FileEntry)
    path = store.blob_path(File("root", found.digest, found.size, found.executable))
    assert path.stat().st_mode & 0o7777 == 0o555


def test_a_step_can_make_no_device(executor: Executor, store: LocalStore) -> None:
    script = "import os, stat\nos.mknod('/out/disk', 0o600 | stat.S_IFBLK, os.makedev(8, 0))"
    execution = execute(executor, step("/usr/bin/python3", "-c", script))
    assert "Operation not permitted" in text(store, execution.stderr)
    assert execution.out == Tree(())


@pytest.mark.parametrize("depth", [300, 3000])
def test_a_tree_too_deep_for_recursion_is_refused_and_cleared_away(executor: Executor, depth: int) -> None:
    execution = execute(executor, step("/usr/bin/python3", "-c", DEEP, str(depth)))
    assert execution.ending is Ending.UNSAFE_OUTPUT
    assert "deep" in execution.detail


def test_a_deep_tree_within_reason_is_taken(executor: Executor) -> None:
    execution = execute(executor, step("/usr/bin/python3", "-c", DEEP, "200"))
    assert len(execution.out.entries) == 201


def test_a_file_that_is_being_swapped_for_a_symlink_shows_nothing_of_this_machine(
    executor: Executor, store: LocalStore
) -> None:
    """What swaps goes on until the container ends: each moment is as good as another for it."""
    swap = """
    cd /out; mkdir ../s
    while :; do echo own >../s/f; mv -f ../s/f a; ln -s /etc/passwd ../s/l; mv -fT ../s/l a; done &
    sleep 0.0$1
    """
    for number in range(8):
        execution = execute(executor, step("/bin/sh", "-c", swap, "sh", str(number)))
        found = entries(execution)
        assert execution.ending in (Ending.EXITED, Ending.UNSAFE_OUTPUT)
        assert all(_content(store, entry) in (b"own\n", b"") for entry in found.values())


def test_a_step_that_removes_out_leaves_nothing(executor: Executor) -> None:
    execution = execute(executor, shell("rmdir /work/out"))
    assert (execution.ending, execution.exit_code, execution.out) == (Ending.EXITED, 0, Tree(()))


def test_a_failed_step_leaves_no_outputs_but_its_words(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, shell("echo half >/out/a; echo said; echo complained >&2; exit 3"))
    assert (execution.ending, execution.exit_code, execution.out) == (Ending.EXITED, 3, Tree(()))
    assert text(store, execution.stdout) == "said\n"
    assert text(store, execution.stderr) == "complained\n"
