"""What reaches an environment's build, and where it must not show."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import socket
import time
from pathlib import Path

import pytest
from tests.conformance.steps import execute, processes_with, shell, step, text

from shunter.engine.actions.model import Ambient, Network
from shunter.engine.errors import InputError
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.store.local import LocalStore


@pytest.fixture
def ambient(tmp_path: Path) -> Ambient:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\n")
    settings.chmod(0o600)
    return Ambient(
        variables={"PIP_INDEX_URL": "http://user:hunter2@localhost"},
        files={"/etc/pip.conf": str(settings)},
        secrets=frozenset({"hunter2"}),
    )


def test_a_build_gets_the_users_settings_and_its_log_no_secret(
    sandbox: SandboxExecutor, store: LocalStore, ambient: Ambient
) -> None:
    action = dataclasses.replace(
        shell("cat /etc/pip.conf; echo $PIP_INDEX_URL; echo $PIP_INDEX_URL >&2; : >>/etc/pip.conf || true"),
        ambient=ambient,
        network=Network.HOST,
    )
    execution = execute(sandbox, action)
    assert text(store, execution.stdout) == "[global]\nhttp://user:[secret]@localhost\n"
    assert text(store, execution.stderr).startswith("http://user:[secret]@localhost\n")


def test_a_step_without_network_gets_none_of_them(
    sandbox: SandboxExecutor, store: LocalStore, ambient: Ambient
) -> None:
    action = dataclasses.replace(shell("ls /etc/pip.conf; env | grep PIP; true"), ambient=ambient)
    assert execute(sandbox, action).stdout is None


def test_settings_do_not_show_on_a_command_line(sandbox: SandboxExecutor, ambient: Ambient) -> None:
    marker = f"98765.{random.randrange(10**9):09}"
    action = dataclasses.replace(shell(f"sleep {marker}; true"), ambient=ambient, network=Network.HOST)

    async def look() -> None:
        task = asyncio.create_task(sandbox.execute(action, ()))
        deadline = time.monotonic() + 20
        while not processes_with(f"sleep\0{marker}"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        assert processes_with("hunter2") == []
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(look())


def test_the_hosts_network_can_be_reached(sandbox: SandboxExecutor, store: LocalStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect = (
            f"import socket; socket.create_connection({server.getsockname()!r}).close(); print('reached')"
        )
        action = dataclasses.replace(step("/usr/bin/python3", "-c", connect), network=Network.HOST)
        assert text(store, execute(sandbox, action).stdout) == "reached\n"


def test_a_settings_file_that_is_not_there_is_named(sandbox: SandboxExecutor) -> None:
    missing = Ambient(files={"/etc/pip.conf": "/no/such/pip.conf"})
    action = dataclasses.replace(step("/bin/true"), ambient=missing, network=Network.HOST)
    with pytest.raises(InputError, match=r"/no/such/pip\.conf"):
        execute(sandbox, action)


def test_nothing_is_kept_of_a_build_that_fails(sandbox: SandboxExecutor, ambient: Ambient) -> None:
    action = dataclasses.replace(
        shell("cp /etc/pip.conf /work; exit 1"), ambient=ambient, network=Network.HOST
    )
    limits = dataclasses.replace(action.limits, kept=1 << 20)
    assert execute(sandbox, dataclasses.replace(action, limits=limits)).left is None
