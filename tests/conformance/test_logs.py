"""What a step prints, of any size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conformance.steps import execute, shell, text

from shunter.engine.actions.model import Returns, Stdout
from shunter.engine.executors.promises import Promise
from shunter.engine.executors.protocol import Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.types import File

pytestmark = pytest.mark.promise(Promise.LOGS)

LARGE = 300_000_000


def _peak() -> int:
    """The most bytes of memory that this process had at once since the last `_forget_peak`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


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


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_log_of_any_size_takes_no_memory(executor: Executor, stream: str) -> None:
    execute(executor, shell("true"))  # what the executor loads once
    _forget_peak()
    before = _peak()
    redirected = "" if stream == "stdout" else " >&2"
    execution = execute(executor, shell(f"head -c {LARGE} /dev/zero{redirected}"))
    log = execution.stdout if stream == "stdout" else execution.stderr
    assert log is not None
    assert log.size < 9 << 20
    assert _peak() - before < 64 << 20


def test_a_result_that_is_printed_is_whole_and_takes_no_memory(executor: Executor) -> None:
    printed = replace(shell(f"head -c {LARGE} /dev/zero"), returns=Returns(File(), Stdout()))
    execute(executor, shell("true"))
    _forget_peak()
    before = _peak()
    execution = execute(executor, printed)
    assert execution.stdout is not None
    assert execution.stdout.size == LARGE
    assert _peak() - before < 64 << 20
