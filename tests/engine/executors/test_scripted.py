"""The executor that plays containers by Python callables."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest
from tests.conformance.steps import entries, execute, step, text

from shunter.engine.actions.model import Inline, Limits, Mount
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.scripted import Answer, ScriptedCall, ScriptedExecutor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, Tree
from shunter.engine.values import Directory, File


def test_a_script_reads_what_is_mounted_and_writes_outputs(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "sub" / "b").write_text("folder ")
    folder = store.put_path(tmp_path / "tree")
    assert isinstance(folder, Directory)

    def join(call: ScriptedCall) -> Answer:
        read = call.read("/in/a") + call.read("/env/sub/b") + call.read("/in/c")
        (call.out / "joined").write_bytes(read)
        return Answer(stdout=b"done\n")

    action = step(
        "x", mounts=[Mount("/in/a", store.put_bytes(b"file ", "a"))], inline=[Inline("/in/c", b"inline")]
    )
    execution = execute(ScriptedExecutor(store, {"step": join}), action, [("/env", folder)])
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0)
    assert text(store, execution.stdout) == "done\n"
    assert execution.stderr is None
    joined = entries(execution)["joined"]
    assert isinstance(joined, FileEntry)
    with store.open(File("joined", joined.digest, joined.size)) as stream:
        assert stream.read() == b"file folder inline"


def test_a_failing_script_leaves_no_outputs(store: LocalStore) -> None:
    def fail(call: ScriptedCall) -> Answer:
        (call.out / "half").touch()
        return Answer(3, stderr=b"broken")

    execution = execute(ScriptedExecutor(store, {"step": fail}), step("x"))
    assert (execution.exit_code, execution.out) == (3, Tree(()))
    assert text(store, execution.stderr) == "broken"


def test_a_script_is_found_by_identity_before_its_label(store: LocalStore) -> None:
    action = step("x")
    executor = ScriptedExecutor(
        store,
        {"step": lambda _: Answer(1), action.identity: lambda _: Answer(2)},
        default=lambda _: Answer(3),
    )
    other = dataclasses.replace(step("y"), label="other")
    assert [execute(executor, each).exit_code for each in (action, step("z"), other)] == [2, 1, 3]
    assert [each.command.argv for each in executor.executed] == [("x",), ("z",), ("y",)]


def test_an_action_without_a_script_is_an_error_that_names_it(store: LocalStore) -> None:
    with pytest.raises(KeyError, match="'step'"):
        execute(ScriptedExecutor(store, {}), step("x"))


def test_an_async_script_is_timed_out_and_cancelled(store: LocalStore) -> None:
    ended = []

    async def sleep(call: ScriptedCall) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(call.action.label)

    executor = ScriptedExecutor(store, {"step": sleep})
    execution = execute(executor, step("x", limits=Limits(seconds=0.01)))
    assert (execution.ending, execution.exit_code) == (Ending.TIMED_OUT, None)

    async def cancel() -> None:
        task = asyncio.create_task(executor.execute(step("x"), ()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert ended == ["step", "step"]
