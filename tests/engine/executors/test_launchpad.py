"""The thread that containers are started on."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from tests.conformance.steps import execute, step

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.launchpad import Launchpad
from shunter.engine.store.local import LocalStore

T = TypeVar("T")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has anything to give up")


def _powers() -> list[str]:
    lines = Path("/proc/thread-self/status").read_text().splitlines()
    return [
        line for line in lines if line.startswith(("Uid", "Gid", "Groups", "CapEff", "CapPrm", "NoNewPrivs"))
    ]


def _on(launchpad: Launchpad, function: Callable[[], T]) -> T:
    async def run() -> T:
        future = launchpad.submit(function)
        await asyncio.wait([future])
        return launchpad.result(future)

    return asyncio.run(run())


@as_root
def test_the_thread_has_given_root_up_and_the_engine_has_not() -> None:
    before = _powers()
    uid, gid, groups, permitted, effective, new = (
        line.partition(":")[2].split() for line in _on(Launchpad(54321), _powers)
    )
    assert (uid, gid, groups) == (["54321"] * 4, ["54321"] * 4, [])
    assert (int(permitted[0], 16), int(effective[0], 16), new) == (0, 0, ["1"])
    assert _powers() == before


def test_an_ordinary_user_keeps_the_own_uid() -> None:
    assert _on(Launchpad(None), os.geteuid) == os.geteuid()


@as_root
def test_a_home_that_steps_cannot_enter_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with LocalStore(closed / "home") as store, pytest.raises(ExecutorUnavailable) as caught:
        execute(SandboxExecutor(store), step("/bin/true"))
    assert str(closed) in caught.value.message
    assert "210000" in caught.value.message
    assert "SHUNTER_HOME" in (caught.value.hint or "")
    shutil.rmtree(closed)
