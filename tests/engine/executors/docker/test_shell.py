"""An image without a shell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.conformance.steps import execute, step, text
from tests.engine.images.making import busybox, docker_archive, file, image, layer

from shunter.engine.actions.image import ArchivedImage
from shunter.engine.actions.model import SecretFile
from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.local import LocalStore
from shunter.engine.values import Secret

VALUE = "hunter22/and more"
REVEALED = Revealed({"/run/secrets/token": VALUE.encode()}, Redactor([VALUE]))


@pytest.mark.usefixtures("docker_daemon")
def test_a_step_of_an_image_without_a_shell_is_refused_with_the_reason_and_runs_in_the_sandbox(
    store: LocalStore,
) -> None:
    bare = image(busybox(), layer(file("bin/.wh.sh")), env=("PATH=/bin",))
    own = ArchivedImage(store.put_bytes(docker_archive(bare), "image.tar"))
    action = replace(
        step("/bin/cat", "/run/secrets/token", image=own), secrets=(SecretFile("token", Secret("env:TOKEN")),)
    )
    refused = execute(DockerExecutor(store), action, secrets=REVEALED)
    assert refused.ending is Ending.NOT_STARTED
    assert refused.detail == (
        "its image has no /bin/sh, by which a step is started and given its secrets under Docker; "
        "the sandbox takes an image without one"
    )
    ran = execute(SandboxExecutor(store), action, secrets=REVEALED)
    assert (ran.exit_code, text(store, ran.stdout)) == (0, "[secret]")
