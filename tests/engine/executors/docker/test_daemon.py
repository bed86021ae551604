"""How the daemon is spoken to: what passes by itself is tried again, and the rest is said plainly."""

from __future__ import annotations

import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.daemon import Daemon, Refused
from shunter.engine.executors.docker.endpoint import Endpoint

VERSION = b'{"ApiVersion": "1.41"}'


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def _daemon(folder: Path, answers: list[tuple[int, bytes]]) -> Iterator[Daemon]:
    """A daemon that gives `answers` in turn, after it has said its version."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = (200, VERSION) if self.path == "/version" else answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "somebody"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with _Server(str(folder / "socket"), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Daemon(Endpoint(f"unix://{folder}/socket"))
        finally:
            server.shutdown()
            thread.join()


FOUND = b'{"Id": "sha256:1", "RootFS": {"Layers": ["sha256:2"]}, "Architecture": "amd64", "Config": {"Env": null}}'


@pytest.mark.parametrize(
    "passing", [(503, b'{"message": "starting"}'), (500, b'{"message": "context deadline exceeded"}')]
)
def test_what_passes_by_itself_is_tried_again(open_folder: Path, passing: tuple[int, bytes]) -> None:
    with _daemon(open_folder, [passing, passing, (200, FOUND)]) as daemon:
        image = daemon.image("name")
    assert image is not None
    assert (image.layers, image.variables) == (("sha256:2",), ())


def test_what_does_not_pass_is_asked_once_and_told(open_folder: Path) -> None:
    answers = [(500, b'{"message": "no space left on device"}'), (200, FOUND)]
    with _daemon(open_folder, answers) as daemon:
        with pytest.raises(Refused, match="no space left on device"):
            daemon.image("name")
    assert len(answers) == 1


def test_a_missing_image_is_no_error(open_folder: Path) -> None:
    with _daemon(open_folder, [(404, b'{"message": "No such image"}')]) as daemon:
        assert daemon.image("name") is None


def test_a_daemon_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExecutorUnavailable) as caught:
        Daemon(Endpoint(f"unix://{tmp_path}/nobody")).facts()
    assert caught.value.message == (
        f"no Docker daemon answers at unix://{tmp_path}/nobody: No such file or directory"
    )
    assert caught.value.hint == (
        "start it (`sudo systemctl start docker`), or say where it is with DOCKER_HOST"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use every socket")
def test_a_socket_that_one_may_not_use_is_told_from_one_that_is_not_there(open_folder: Path) -> None:
    with _daemon(open_folder, []) as daemon:
        (open_folder / "socket").chmod(0)
        with pytest.raises(ExecutorUnavailable, match="you may not use the Docker daemon"):
            daemon.facts()
