"""What the sandbox says of itself."""

from __future__ import annotations

import asyncio
import platform
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from tests.conformance.steps import execute, step

from shunter.engine.errors import StoreError
from shunter.engine.executors.promises import Enforced, Promise
from shunter.engine.executors.sandbox.cgroup import find_hierarchy
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.executors.sandbox.identity import base_packages
from shunter.engine.store.local import LocalStore


def test_a_machine_that_runs_containers_passes_the_check(sandbox: SandboxExecutor) -> None:
    sandbox.check()


def test_the_check_can_be_called_from_a_running_loop(sandbox: SandboxExecutor) -> None:
    async def check() -> None:
        sandbox.check()

    asyncio.run(check())


def test_all_that_the_sandbox_promises_holds_here_but_for_what_is_known(sandbox: SandboxExecutor) -> None:
    known = {Promise.MEMORY} if find_hierarchy() is None else set()
    known |= set() if platform.machine() in ("x86_64", "aarch64") else {Promise.SYSTEM_CALLS}
    found = {finding.promise: finding for finding in sandbox.findings()}
    assert {promise for promise in found if found[promise].enforced is not Enforced.YES} == known


def test_a_store_that_cannot_be_written_is_named(store: LocalStore) -> None:
    class Full(LocalStore):
        def scratch(self, name: str) -> AbstractContextManager[Path]:
            return nullcontext(self.home / "no" / "such" / "folder")

    with Full(store.home) as full, pytest.raises(StoreError, match=str(store.home)):
        execute(SandboxExecutor(full), step("/bin/true"))


def test_the_platform_is_the_same_for_each_executor_of_a_machine(store: LocalStore) -> None:
    assert SandboxExecutor(store).platform(None) == SandboxExecutor(store).platform(None)


def test_the_identity_covers_libc_and_no_leaf_package() -> None:
    packages = base_packages()
    names = {line.split()[0] for line in packages}
    assert not packages or "libc6" in names
    assert names.isdisjoint({"git", "vim", "nginx", "python3-pip"})
    assert len(names) < 100
