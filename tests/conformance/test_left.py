"""What is kept of the folder of a step that failed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conformance.steps import execute, shell

from shunter.engine.actions.model import Action, OutPath, Returns
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.store.left import Left
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry
from shunter.engine.types import File as FileType
from shunter.engine.values import File

WRITE = "echo half >/out/half; mkdir -p own/deep; echo note >own/deep/note; echo draft >/tmp/draft; "
WRITTEN = ["out", "out/half", "own", "own/deep", "own/deep/note", "tmp", "tmp/draft"]


def _keeping(action: Action, *, seconds: float = 30, most: int = 1 << 20) -> Action:
    return replace(action, limits=replace(action.limits, seconds=seconds, kept=most))


def _paths(store: LocalStore, left: Left | None) -> list[str]:
    assert left is not None
    return [path for path, _ in store.get_tree(left.folder).entries]


@pytest.mark.parametrize("end", ["exit 3", "kill -SEGV $$"])
def test_a_step_that_fails_leaves_what_it_wrote(executor: Executor, store: LocalStore, end: str) -> None:
    left = execute(executor, _keeping(shell(WRITE + end))).left
    assert _paths(store, left) == WRITTEN
    assert left is not None
    assert (left.files, left.size, left.omitted) == (3, 16, ())
    entry = store.get_tree(left.folder).find("out/half")
    assert isinstance(entry, FileEntry)
    assert store.blob_path(File("half", entry.digest, entry.size)).read_bytes() == b"half\n"


def test_so_does_one_whose_time_is_up(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, _keeping(shell(WRITE + "sleep 30"), seconds=1))
    assert execution.ending is Ending.TIMED_OUT
    assert _paths(store, execution.left) == WRITTEN


def test_of_outputs_that_are_refused_the_good_part_is_left(executor: Executor, store: LocalStore) -> None:
    execution = execute(executor, _keeping(shell(WRITE + "mkfifo /out/pipe; ln -s /etc/passwd /out/a")))
    assert execution.ending is Ending.UNSAFE_OUTPUT
    assert _paths(store, execution.left) == WRITTEN
    assert execution.left is not None
    assert any("pipe" in reason for reason in execution.left.omitted)


@pytest.mark.parametrize("returns", [Returns(FileType(), OutPath("report.txt")), None])
def test_a_step_that_ends_well_without_its_result_leaves_all(
    executor: Executor, store: LocalStore, returns: Returns | None
) -> None:
    action = shell(WRITE)
    execution = execute(executor, _keeping(replace(action, returns=returns or action.returns)))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0)
    assert _paths(store, execution.left) == WRITTEN


def test_a_step_that_gives_its_result_leaves_nothing(executor: Executor) -> None:
    assert execute(executor, _keeping(shell(WRITE + "echo '{}' >/out/result.json"))).left is None


def test_nothing_is_left_where_nothing_is_to_be_kept(executor: Executor) -> None:
    assert execute(executor, _keeping(shell(WRITE + "exit 3"), most=0)).left is None


def test_a_large_file_is_not_kept(executor: Executor, store: LocalStore) -> None:
    left = execute(
        executor, _keeping(shell("head -c 5000 /dev/zero >large; echo x >small; exit 1"), most=999)
    ).left
    assert _paths(store, left) == ["out", "small", "tmp"]
    assert left is not None
    assert "large" in left.omitted[0]
    assert "5000 bytes" in left.omitted[0]
