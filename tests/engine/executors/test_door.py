"""The way out of a container whose image has no Python: opened from outside."""

from __future__ import annotations

import os
import socket
import subprocess
from http.server import BaseHTTPRequestHandler

import pytest
from tests.conformance.steps import execute, shell, text
from tests.engine.images.making import busybox, docker_archive, image
from tests.serving import serving

from shunter.engine.actions.image import ArchivedImage
from shunter.engine.executors.sandbox.door import open_door
from shunter.engine.executors.sandbox.executor import SandboxExecutor
from shunter.engine.store.local import LocalStore


def _image(store: LocalStore) -> ArchivedImage:
    archive = docker_archive(image(busybox(), env=["PATH=/bin"]))
    return ArchivedImage(store.put_bytes(archive, "image.tar"))


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"hi\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


def test_a_program_of_an_image_reaches_its_declared_host_and_no_other(
    sandbox: SandboxExecutor, store: LocalStore
) -> None:
    with serving(_Hello) as port:
        own, other = f"a.localhost:{port}", f"b.localhost:{port}"
        script = (
            f"wget -q -O - http://{own}/x; wget -q -O - http://{other}/x || echo refused; ls /proc/self/fd"
        )
        execution = execute(sandbox, shell(script, image=_image(store), hosts=[own]))
    said = text(store, execution.stdout).split()
    assert said == ["hi", "refused", "0", "1", "2", "3"], text(store, execution.stderr)
    asked = [(one.host, one.verdict.value) for one in execution.asked]
    assert asked == [(own, "reached"), (other, "refused")]


def test_a_container_that_is_gone_has_no_door() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="its way to the hosts can't be opened: .*No such file"):
        open_door(gone.pid, theirs.fileno())


def test_a_namespace_of_others_is_not_entered() -> None:
    """This machine's own network is nothing that a container's door may be opened in."""
    if os.geteuid() == 0:
        pytest.skip("root may enter any namespace, and doors are opened as another user")
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(OSError, match="can't be opened"):
        open_door(os.getpid(), theirs.fileno())
