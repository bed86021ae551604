"""The base image: made of packages, the same each time, and known by its content."""

from __future__ import annotations

import dataclasses
import subprocess
import tarfile
from pathlib import Path

import pytest
from tests.conformance.steps import execute, step, text

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker import DockerExecutor
from shunter.engine.executors.docker.base.build import base_name, ready_base
from shunter.engine.executors.docker.base.definition import BASE
from shunter.engine.executors.docker.base.packages import fetch
from shunter.engine.executors.docker.base.root import write_root
from shunter.engine.executors.docker.daemon import Daemon
from shunter.engine.executors.docker.endpoint import Endpoint
from shunter.engine.executors.docker.image import own_identity
from shunter.engine.store.local import LocalStore

CONTROL = "Package: {0}\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: for tests\n"


def _package(folder: Path, name: str, files: dict[str, str]) -> Path:
    """A Debian package made here."""
    top = folder / name
    (top / "DEBIAN").mkdir(parents=True)
    (top / "DEBIAN" / "control").write_text(CONTROL.format(name))
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(content)
        (top / path).chmod(0o4755)
    made = folder / f"{name}_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", top, made], check=True, capture_output=True)
    return made


@pytest.fixture
def packages(tmp_path: Path) -> list[Path]:
    try:
        authority = "usr/share/ca-certificates/mozilla/{}.crt"
        one = {"bin/tool": "a tool", "usr/share/doc/tool/README": "left out", "var/lib/tool": "left out"}
        two = {authority.format("b"): "second\n", authority.format("a"): "first\n", "etc/passwd": "not this"}
        return [_package(tmp_path, "one", one), _package(tmp_path, "two", two)]
    except FileNotFoundError:
        pytest.skip("there is no dpkg-deb here")


def _root(packages: list[Path], target: Path) -> bytes:
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as tar:
        write_root(BASE, packages, tar)
    return target.read_bytes()


def test_packages_are_laid_out_with_what_their_scripts_would_leave(
    packages: list[Path], tmp_path: Path
) -> None:
    _root(packages, tmp_path / "root.tar")
    with tarfile.open(tmp_path / "root.tar") as tar:
        members = {member.name: member for member in tar.getmembers()}
        bundle = tar.extractfile("etc/ssl/certs/ca-certificates.crt")
        users = tar.extractfile("etc/passwd")
        assert bundle is not None
        assert users is not None
        assert bundle.read() == b"first\nsecond\n"
        assert b"step:x:1000" in users.read()
    assert members["bin"].linkname == "usr/bin"
    assert (members["usr/bin/tool"].mode, members["usr/bin/tool"].uid) == (0o755, 0)
    assert (members["out"].linkname, members["work/out"].uid) == ("work/out", 1000)
    assert not any(name.startswith(("var", "usr/share/doc", "root", "home")) for name in members)
    assert len({member.mtime for member in members.values()}) == 1


def test_the_same_packages_give_the_same_bytes(packages: list[Path], tmp_path: Path) -> None:
    first = _root(packages, tmp_path / "first.tar")
    for package in packages:
        package.touch()
    assert _root(packages, tmp_path / "second.tar") == first


def test_where_packages_cannot_be_fetched_the_reason_and_another_way_are_said(tmp_path: Path) -> None:
    nowhere = dataclasses.replace(BASE, sources=("http://127.0.0.1:1/debian bookworm main",))
    with pytest.raises(ExecutorUnavailable, match="base image is made of Debian's packages") as caught:
        fetch(nowhere, "amd64", tmp_path)
    assert "SHUNTER_DOCKER_IMAGE" in (caught.value.hint or "")


def test_a_daemon_that_has_it_is_not_given_it_again(docker_daemon: str, tmp_path: Path) -> None:
    said: list[str] = []
    daemon = Daemon(Endpoint(docker_daemon))
    image = ready_base(daemon, "x86_64", said.append, tmp_path)
    assert (image, said) == (daemon.image(base_name()), [])


def test_its_identity_is_its_content_and_not_its_name_or_id(docker_daemon: str) -> None:
    image = Daemon(Endpoint(docker_daemon)).image(base_name())
    assert image is not None
    assert own_identity(dataclasses.replace(image, id="sha256:other")) == own_identity(image)
    assert own_identity(dataclasses.replace(image, layers=("sha256:other",))) != own_identity(image)


def test_python_has_its_whole_library_compiled(docker_daemon: str, store: LocalStore) -> None:
    script = (
        "import bz2, ctypes, ctypes.util, curses, json, lzma, readline, sqlite3, ssl, zoneinfo\n"
        "assert ctypes.util.find_library('sqlite3') == 'libsqlite3.so.0'\n"
        "assert len(ssl.create_default_context().get_ca_certs()) > 50\n"
        "import os; print(os.path.exists(json.__cached__), zoneinfo.ZoneInfo('Europe/Berlin'))\n"
    )
    execution = execute(DockerExecutor(store), step("/usr/bin/python3", "-c", script))
    assert text(store, execution.stdout) == "True Europe/Berlin\n", text(store, execution.stderr)


def test_an_image_of_the_daemons_can_take_its_place(
    docker_daemon: str, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUNTER_DOCKER_IMAGE", base_name())
    named = DockerExecutor(store).platform(None)
    monkeypatch.delenv("SHUNTER_DOCKER_IMAGE")
    assert DockerExecutor(store).platform(None) == named
    monkeypatch.setenv("SHUNTER_DOCKER_IMAGE", "nobody/has-this:1")
    with pytest.raises(ExecutorUnavailable, match="has no image nobody/has-this:1"):
        DockerExecutor(store).platform(None)
