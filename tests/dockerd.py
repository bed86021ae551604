"""A Docker daemon for tests: the one that DOCKER_HOST names or that answers here, else one of our own.

Our own takes root and Debian's `docker.io`, has a socket and folders of its own, no bridge and no rules of
iptables, and ends with the tests. Workers of one run share it. The base image is made once for this machine's user
and kept, so that a later run only has to import it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.build import base_name, import_root, make_root
from shunter.engine.executors.docker.daemon import Daemon
from shunter.engine.executors.docker.endpoint import Endpoint, find_endpoint

ORDINARY = 61234
"""The gid that may use the socket: the one that tests give an ordinary user."""

_SECONDS = 60
_STARTED: dict[int, subprocess.Popen[bytes]] = {}
"""What this process has started, by pid."""


class NoDaemonError(Exception):
    """No daemon can run here, and why."""


@contextmanager
def daemon() -> Iterator[str]:
    """The address of a daemon that has the base image; raises NoDaemonError."""
    found = _running()
    if found is not None:
        _give_base(found)
        yield found.address
        return
    _clear_away()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"shunter-dockerd-{run[:12]}"
    me = folder / "users" / str(os.getpid())
    with _locked(folder.with_suffix(".lock")):
        if not folder.exists():
            _start(folder)
        me.touch()
    try:
        yield _address(folder)
    finally:
        with _locked(folder.with_suffix(".lock")):
            me.unlink()
            if not any(me.parent.iterdir()):
                _stop(folder)
                folder.with_suffix(".lock").unlink(missing_ok=True)


def _running() -> Daemon | None:
    """A daemon that is there already."""
    try:
        found = Daemon(find_endpoint())
        found.facts()
    except ExecutorUnavailable as error:
        if os.environ.get("DOCKER_HOST"):
            raise NoDaemonError(f"DOCKER_HOST is set, and {error.message}") from error
        return None
    return found


def _clear_away() -> None:
    """End what tests that were killed have left: daemons that none of their users is there for any more."""
    for users in Path(tempfile.gettempdir()).glob("shunter-dockerd-*/users"):
        folder = users.parent
        if folder.stat().st_uid != os.geteuid():
            continue
        with folder.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # it is being started or stopped
            if users.is_dir() and not any(is_alive(int(user.name)) for user in users.iterdir()):
                _stop(folder)
                folder.with_suffix(".lock").unlink(missing_ok=True)


def _start(folder: Path) -> None:
    program = shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NoDaemonError("no Docker daemon answers, and dockerd isn't installed (Debian: docker.io)")
    if os.geteuid() != 0:
        raise NoDaemonError("no Docker daemon answers, and only root can start one")
    (folder / "users").mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "daemon.json").write_text("{}")
    with (folder / "log").open("w") as log:
        started = subprocess.Popen(
            [program, *_options(folder)],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    _STARTED[started.pid] = started
    (folder / "own-pid").write_text(str(started.pid))
    try:
        _give_base(_answering(folder, started))
    except BaseException:
        _stop(folder)
        raise


def _options(folder: Path) -> list[str]:
    return [
        *("--host", _address(folder), "--group", str(ORDINARY), "--config-file", str(folder / "daemon.json")),
        *("--data-root", str(folder / "data"), "--exec-root", str(folder / "exec")),
        *("--pidfile", str(folder / "pid"), "--bridge", "none", "--iptables=false", "--ip6tables=false"),
    ]


def _address(folder: Path) -> str:
    return f"unix://{folder}/socket"


def _answering(folder: Path, started: subprocess.Popen[bytes]) -> Daemon:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        if (folder / "socket").exists():
            with suppress(ExecutorUnavailable):
                found = Daemon(Endpoint(_address(folder)))
                found.facts()
                return found
        time.sleep(0.05)
    said = (folder / "log").read_text().splitlines()
    raise NoDaemonError(f"dockerd doesn't start here: {said[-1] if said else 'it says nothing'}")


def _give_base(found: Daemon) -> None:
    if found.image(base_name()) is not None:
        return
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shunter-tests"
    cache.mkdir(parents=True, exist_ok=True)
    tar = cache / f"{base_name().replace(':', '-')}.tar"
    with _locked(cache / "lock"):
        if not tar.exists():
            with tempfile.TemporaryDirectory(dir=cache) as place:
                make_root(found, found.facts().architecture, Path(place))
                (Path(place) / "root.tar").rename(tar)
    import_root(found, tar)


def _stop(folder: Path) -> None:
    pid = int((folder / "own-pid").read_text())
    _end(pid, signal.SIGTERM)
    with suppress(NoDaemonError):
        _wait_for_end(pid)
    if is_alive(pid):
        _end(pid, signal.SIGKILL)
        _wait_for_end(pid)
    for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        place = line.split()[1]
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", place], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _end(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def is_alive(pid: int) -> bool:
    """Whether a process hasn't ended; whoever its parent is."""
    if pid in _STARTED:
        return _STARTED[pid].poll() is None
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and another process of the tests, whose child it is, hasn't looked yet


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while is_alive(pid):
        if time.monotonic() > deadline:
            raise NoDaemonError(f"dockerd ({pid}) doesn't end")
        time.sleep(0.05)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
