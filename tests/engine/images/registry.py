"""A real registry on this machine, and pushing to it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from tests.engine.images.making import Made, index, manifest, sha256

PROGRAM = "docker-registry"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True)
class Registry:
    """One that runs at `host`, keeping its content in `folder`."""

    host: str
    folder: Path
    login: tuple[str, str] | None = None

    def push(self, path: str, made: Made, tag: str = "1") -> str:
        """Push an image; gives its manifest's digest."""
        document, blobs = manifest(made)
        self._put_blobs(path, blobs)
        return self._put_manifest(path, tag, document, _MANIFEST)

    def push_list(self, path: str, images: Mapping[str, Made], tag: str = "1") -> str:
        """Push an image for each architecture; gives the digest of their list."""
        documents = {}
        for architecture, made in images.items():
            document, blobs = manifest(made)
            self._put_blobs(path, blobs)
            self._put_manifest(path, sha256(document), document, _MANIFEST)
            documents[architecture] = document
        return self._put_manifest(path, tag, index(documents), _INDEX)

    def damage(self, digest: str) -> None:
        """Change a byte of a blob where the registry keeps it."""
        name = digest.removeprefix("sha256:")
        place = self.folder / "docker/registry/v2/blobs/sha256" / name[:2] / name / "data"
        content = bytearray(place.read_bytes())
        content[len(content) // 2] ^= 1
        place.write_bytes(content)

    def _put_blobs(self, path: str, blobs: Mapping[str, bytes]) -> None:
        with self._client() as client:
            for digest, content in blobs.items():
                begun = client.post(f"/v2/{path}/blobs/uploads/")
                assert begun.status_code == 202, begun.text
                put = client.put(
                    httpx2.URL(begun.headers["location"]).copy_merge_params({"digest": digest}),
                    content=content,
                )
                assert put.status_code == 201, put.text

    def _put_manifest(self, path: str, name: str, content: bytes, kind: str) -> str:
        with self._client() as client:
            put = client.put(f"/v2/{path}/manifests/{name}", content=content, headers={"Content-Type": kind})
            assert put.status_code == 201, put.text
        return sha256(content)

    def _client(self) -> httpx2.Client:
        return httpx2.Client(base_url=f"http://{self.host}", auth=self.login, trust_env=False)


@contextmanager
def running(*, password_file: Path | None = None, login: tuple[str, str] | None = None) -> Iterator[Registry]:
    """A registry for the block; skips the test where Debian's docker-registry isn't there."""
    program = shutil.which(PROGRAM)
    if program is None:
        pytest.skip(f"no {PROGRAM}: apt-get install docker-registry")
    folder = Path(tempfile.mkdtemp(prefix="shunter-registry-"))
    host = f"127.0.0.1:{_free_port()}"
    config = folder / "config.yml"
    config.write_text(_configuration(folder, host, password_file))
    argv = ["setpriv", "--pdeathsig", "KILL", program, "serve", str(config)]  # it ends with the tests
    try:
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log, env={"PATH": "/usr/bin:/bin"})
        try:
            _wait(process, host, folder / "log")
            yield Registry(host, folder / "content", login)
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder)


def _configuration(folder: Path, host: str, password_file: Path | None) -> str:
    lines = ["version: 0.1", "log: {level: error}"]
    lines += [f"storage: {{filesystem: {{rootdirectory: {folder}/content}}}}", f"http: {{addr: '{host}'}}"]
    if password_file is not None:
        lines.append(f"auth: {{htpasswd: {{realm: tests, path: {password_file}}}}}")
    return "\n".join(lines) + "\n"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], host: str, log: Path) -> None:
    until = time.monotonic() + 30
    address, _, port = host.partition(":")
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection((address, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"the registry didn't start: {log.read_text(errors='replace')[-2000:]}")
