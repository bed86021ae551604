"""What reaches an environment's build under Docker, and where it must not show."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import secrets
import time
from pathlib import Path

import pytest
from docker import APIClient
from tests.conformance.steps import execute, processes_with, shell, text

from shunter.engine.actions.model import Ambient, Network, SecretFile
from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Secret


@pytest.fixture
def executor(docker_daemon: str, store: LocalStore) -> DockerExecutor:
    return DockerExecutor(store)


@pytest.fixture
def ambient(tmp_path: Path) -> Ambient:
    """Settings with a password in a variable, in a file that its owner alone may read, and a folder of wheels."""
    settings = tmp_path / "uv.toml"
    settings.write_text("password = 'hunter2'\n")
    settings.chmod(0o600)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "a.whl").write_text("wheel")
    return Ambient(
        variables={"UV_DEFAULT_INDEX": "http://user:hunter2@localhost/it's $HOME\n", "not a name": "x"},
        files={"/run/index/0": str(settings), "/run/index/1": str(wheels)},
        secrets=frozenset({"hunter2"}),
    )


def test_a_build_gets_the_users_settings_as_they_are(
    executor: DockerExecutor, store: LocalStore, ambient: Ambient
) -> None:
    script = 'printf %s "$UV_DEFAULT_INDEX"; cat /run/index/0; ls /run/index/1; read -r line; echo "[$line]"'
    action = dataclasses.replace(shell(script), ambient=ambient, network=Network.HOST)
    assert text(store, execute(executor, action).stdout) == (
        "http://user:[secret]@localhost/it's $HOME\npassword = '[secret]'\na.whl\n[]\n"
    )


def test_a_step_without_network_gets_none_of_them(
    executor: DockerExecutor, store: LocalStore, ambient: Ambient
) -> None:
    action = dataclasses.replace(shell("ls /run; env | grep UV_; true"), ambient=ambient)
    assert execute(executor, action).stdout is None


@pytest.mark.parametrize("given", ["settings", "a secret"])
def test_neither_settings_nor_secrets_show_in_the_containers_description_or_on_a_command_line(
    docker_daemon: str, executor: DockerExecutor, ambient: Ambient, given: str
) -> None:
    marker = f"98765.{secrets.randbelow(10**9):09}"
    action, revealed = shell(f"sleep {marker}; true"), NOTHING
    if given == "settings":
        action = dataclasses.replace(action, ambient=ambient, network=Network.HOST)
    else:
        action = dataclasses.replace(action, secrets=(SecretFile("token", Secret("env:TOKEN")),))
        revealed = Revealed({"/run/secrets/token": b"hunter2 and more"}, Redactor(["hunter2 and more"]))

    async def look() -> str:
        task = asyncio.create_task(executor.execute(action, (), revealed))
        deadline = time.monotonic() + 60
        while not processes_with(f"sleep\0{marker}"):
            assert time.monotonic() < deadline, "the step never started"
            await asyncio.sleep(0.01)
        assert processes_with("hunter2") == []
        client = APIClient(docker_daemon, version="auto")
        try:
            (found,) = [
                one
                for one in client.containers()
                if marker in one["Command"] or marker in str(client.inspect_container(one["Id"]))
            ]
            return json.dumps(client.inspect_container(found["Id"]))
        finally:
            client.close()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    described = asyncio.run(look())
    assert marker in described
    assert "hunter2" not in described
