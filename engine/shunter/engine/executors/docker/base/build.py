"""The base image in a daemon: made there when it is first wanted."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.definition import BASE, Definition
from shunter.engine.executors.docker.base.packages import OTHERWISE, fetch
from shunter.engine.executors.docker.base.root import write_root
from shunter.engine.executors.docker.daemon import Daemon, DaemonImage, Refused

_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Debian calls the machines that daemons name."""

_FINISH: Final = """\
set -e
ldconfig
python3 -m compileall -q -j 1 --invalidation-mode unchecked-hash /usr/lib/python3.11 /usr/lib/python3
cd /
find etc/ld.so.cache usr/lib/python3* -name '*.pyc' -o -name ld.so.cache | LC_ALL=C sort |
    tar --create --no-recursion --files-from=- --mtime=1980-01-01 --owner=0 --group=0 --numeric-owner \\
    --format=gnu --mode=0644 --file=/finished.tar
"""
"""Run as root in a container of the unpacked packages: what can only be made by the programs in it."""


def base_name(definition: Definition = BASE) -> str:
    """What the image of `definition` is called in a daemon."""
    return f"shunter-base:{definition.identity()[:12]}"


def ready_base(daemon: Daemon, architecture: str, notice: Callable[[str], None], folder: Path) -> DaemonImage:
    """The base image of `daemon`, which is made if it isn't there; raises ExecutorUnavailable.

    `folder` is where it may be laid ready, some 200 MB.
    """
    name = base_name()
    found = daemon.image(name)
    if found is not None:
        return found
    notice("docker: making the base image, once for this daemon (about 20 seconds)")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        make_root(daemon, architecture, Path(place))
        import_root(daemon, Path(place) / "root.tar")
    made = daemon.image(name)
    if made is None:
        raise ExecutorUnavailable(f"the base image {name} was made, and the daemon hasn't got it")
    return made


def import_root(daemon: Daemon, tar: Path) -> None:
    """Make the base image from a root file system that `make_root` wrote."""
    daemon.import_image(tar, base_name())


def make_root(daemon: Daemon, architecture: str, folder: Path) -> None:
    """Write the root file system to `folder / "root.tar"`; a container finishes it.

    The same packages give the same bytes, whatever machine it is made on.
    """
    packages = fetch(BASE, _debian(architecture), folder)
    unfinished = folder / "unfinished.tar"
    with tarfile.open(unfinished, "w", format=tarfile.GNU_FORMAT) as tar:
        write_root(BASE, packages, tar)
    finished = _finished(daemon, unfinished, folder / "finished.tar")
    with tarfile.open(folder / "root.tar", "w", format=tarfile.GNU_FORMAT) as tar:
        for part in (unfinished, finished):
            _copy(part, tar)


def _debian(architecture: str) -> str:
    if architecture not in _ARCHITECTURES:
        raise ExecutorUnavailable(
            f"no base image is defined for a daemon on {architecture or 'an unknown machine'}", hint=OTHERWISE
        )
    return _ARCHITECTURES[architecture]


def _finished(daemon: Daemon, unfinished: Path, target: Path) -> Path:
    name = f"{base_name()}-unfinished"
    daemon.import_image(unfinished, name)
    config = {
        "Image": name,
        "Cmd": ["/bin/sh", "-c", _FINISH],
        "HostConfig": {"NetworkMode": "none", "LogConfig": {"Type": "none"}},
        "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONHASHSEED=0"],
    }
    container = ""
    try:
        container = daemon.create(config, f"shunter-base-{base_name().partition(':')[2]}")
        daemon.start(container)
        state = daemon.wait(container)
        pieces = daemon.get(container, "/finished.tar") if state.exit_code == 0 else None
        if pieces is None:
            raise ExecutorUnavailable(
                f"the base image can't be finished: its container ended with {state.exit_code} {state.error}"
            )
        target.write_bytes(_only_file(b"".join(pieces)))
    except Refused as refusal:
        raise ExecutorUnavailable(f"the base image can't be made: {refusal.reason}") from refusal
    finally:
        if container:
            daemon.remove(container)
        daemon.drop_image(name)
    return target


def _only_file(archive: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        content: IO[bytes] | None = tar.extractfile(tar.getmembers()[0])
        assert content is not None
        return content.read()


def _copy(source: Path, target: tarfile.TarFile) -> None:
    with tarfile.open(source) as tar:
        for member in tar:
            target.addfile(member, tar.extractfile(member) if member.isreg() else None)
