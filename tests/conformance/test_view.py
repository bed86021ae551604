"""What a step finds in its container, looked at by one step for all tests."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.steps import entries, execute, processes_with, shell, step, text

from shunter.engine.actions.key import action_key
from shunter.engine.actions.model import Inline, Limits
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.promises import PYTHON, Promise
from shunter.engine.executors.protocol import Execution, Executor
from shunter.engine.executors.sandbox.syscalls import REFUSED
from shunter.engine.store.local import LocalStore

INSIDE = Path(__file__).with_name("inside.py")
READ_ONLY = "/:/usr:/etc:/in:/run:/dev:/lib"
WRITABLE = "/work:/out:/tmp:/dev/shm"
PLACES = (
    "/root",
    "/home",
    "/srv",
    "/mnt",
    "/media",
    "/boot",
    "/var/lib",
    "/var/log",
    "/etc/ssh",
    "/etc/shadow",
)
EXECUTORS_OWN = {"sandbox": 1, "docker": 2}
"""Processes that an executor has in a container: its init, and what waits for the engine's end."""

HARMLESS = {"null", "zero", "full", "random", "urandom", "tty", "console", "ptmx"}
LIBRARYS_OWN = 0b11 << 31
"""Signals 32 and 33: GNU make lets its children ignore them, and no program but the C library can have them."""

CALLS = ("mount", "unshare", "pivot_root", "bpf", "keyctl", "add_key", "perf_event_open", "init_module")


def _numbers() -> dict[str, int | None]:
    """The system calls to try here; none on a machine whose numbers aren't known."""
    columns = {"x86_64": 0, "aarch64": 1}
    column = columns.get(platform.machine())
    return {} if column is None else {name: REFUSED[name][column] for name in CALLS}


@pytest.fixture(scope="module")
def places(store: LocalStore) -> list[str]:
    """Folders and files of this machine that no step may see."""
    return [*PLACES, str(Path.home()), os.getcwd(), str(store.home), str(store.home.parent)]


@pytest.fixture(scope="module")
def execution(executor: Executor, places: list[str]) -> Execution:
    words = (READ_ONLY, WRITABLE, ":".join(places), json.dumps(_numbers()))
    action = step(
        *("/usr/bin/python3", "/in/inside.py", *words),
        inline=[Inline("/in/inside.py", INSIDE.read_bytes())],
        variables=[("GREETING", "good day")],
        limits=Limits(seconds=30, processes=100, open_files=200, file_size=1 << 20),
    )
    return execute(executor, action)


@pytest.fixture(scope="module")
def view(execution: Execution, store: LocalStore) -> dict[str, Any]:
    assert execution.exit_code == 0, text(store, execution.stderr)
    seen: dict[str, Any] = json.loads(text(store, execution.stdout))
    return seen


@pytest.mark.promise(Promise.USER)
def test_a_step_starts_in_work_as_an_ordinary_user(view: dict[str, Any]) -> None:
    assert view["cwd"] == "/work"
    assert view["ids"] in ([1000, 1000, []], [1000, 1000, [1000]])
    assert view["user"] == "/work/tmp"


@pytest.mark.promise(Promise.USER)
def test_no_process_of_a_step_is_this_machines_root(executor: Executor) -> None:
    marker = f"98765.{random.randrange(10**9):09}"

    async def owners() -> set[int]:
        task = asyncio.create_task(executor.execute(shell(f"sleep {marker}; true"), ()))
        deadline = time.monotonic() + 20
        while not (found := processes_with(f"sleep\0{marker}")):
            assert time.monotonic() < deadline, "the step never started"
            await asyncio.sleep(0.01)
        uids = {os.stat(f"/proc/{pid}").st_uid for pid in found}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return uids

    assert 0 not in asyncio.run(owners())


@pytest.mark.promise(Promise.ENVIRONMENT)
def test_the_environment_holds_nothing_of_the_engines(view: dict[str, Any]) -> None:
    assert view["environment"] == {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/work/tmp",
        "TMPDIR": "/work/tmp",
        "PWD": "/work",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "315532800",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GREETING": "good day",
    }


@pytest.mark.promise(Promise.SURROUNDINGS)
def test_what_could_differ_between_machines_is_fixed(view: dict[str, Any]) -> None:
    assert view["umask"] == 0o022
    assert view["hostname"] == "step"
    assert view["time zone"] == ["UTC", "UTC"]
    assert view["encoding"] == "utf-8"


@pytest.mark.promise(Promise.SURROUNDINGS)
def test_a_step_ignores_no_signal_though_its_engine_does(executor: Executor, store: LocalStore) -> None:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGUSR2)}
    try:
        execution = execute(executor, shell("grep -E '^Sig(Ign|Blk)' /proc/self/status"))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    _, blocked, _, ignored = text(store, execution.stdout).split()
    assert (int(blocked, 16), int(ignored, 16) & ~LIBRARYS_OWN) == (0, 0)


@pytest.mark.promise(Promise.PRIVILEGES)
def test_a_step_has_no_privileges_and_no_way_to_any(view: dict[str, Any]) -> None:
    status = view["status"]
    sets = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    assert {name: int(status[name], 16) for name in sets} == dict.fromkeys(sets, 0)
    assert status["NoNewPrivs"] == "1"


@pytest.mark.promise(Promise.ENVIRONMENT)
def test_a_step_inherits_three_descriptors_and_nothing_to_read(view: dict[str, Any]) -> None:
    assert view["descriptors"] == [0, 1, 2]
    assert view["stdin"] == ""


@pytest.mark.promise(Promise.PROCESSES)
def test_a_step_sees_no_process_but_its_own(executor: Executor, view: dict[str, Any]) -> None:
    assert view["processes"] == 1 + EXECUTORS_OWN[executor.name]


@pytest.mark.promise(Promise.HOST_FILES)
def test_nothing_of_this_machines_homes_and_work_is_there(view: dict[str, Any], places: list[str]) -> None:
    assert [path for path in places if view["shown"][path] and view["shown"][path] == _shown(path)] == []
    assert [path for path in places if path.startswith(("/tmp", "/root")) and view["shown"][path]] == []


@pytest.mark.promise(Promise.DEVICES)
def test_no_device_is_there_that_could_do_harm(view: dict[str, Any]) -> None:
    assert set(view["devices"]) <= HARMLESS
    assert view["a new device"] == "EPERM"


@pytest.mark.promise(Promise.SYSTEM_CALLS)
@pytest.mark.promise(Promise.NAMESPACES)
def test_calls_that_lead_out_of_containers_are_refused(view: dict[str, Any]) -> None:
    assert view["status"]["Seccomp"] == "2"
    assert set(view["calls"].values()) <= {"EPERM", "ENOSYS"}


@pytest.mark.promise(Promise.PYTHON)
def test_python_is_there_and_recent(view: dict[str, Any]) -> None:
    assert tuple(view["python"]) >= PYTHON


@pytest.mark.promise(Promise.ROOT)
def test_the_root_file_system_is_in_the_key(executor: Executor) -> None:
    assert executor.platform(None) == executor.platform(None)
    action = step("/bin/true")
    assert action_key(action, executor.platform) != action_key(
        action, lambda _: digest_bytes(b"another root")
    )


@pytest.mark.promise(Promise.SYSTEM)
def test_only_works_own_folders_can_be_written(view: dict[str, Any]) -> None:
    assert set(view["read-only"].values()) <= {"EROFS", "EACCES"}
    assert set(view["writable"].values()) == {"ok"}


@pytest.mark.promise(Promise.KERNEL)
def test_kernel_settings_cannot_be_opened_for_writing(view: dict[str, Any]) -> None:
    assert view["sysctl"] in ("EROFS", "EACCES")


@pytest.mark.promise(Promise.NETWORK)
def test_there_is_no_network_but_loopback(view: dict[str, Any]) -> None:
    assert view["interfaces"] == ["lo"]
    assert view["outside"] == "ENETUNREACH"
    assert view["loopback"] == "ok"


@pytest.mark.promise(Promise.OUTPUTS)
def test_a_temporary_file_can_be_renamed_into_out(view: dict[str, Any], execution: Execution) -> None:
    assert view["rename"] == "ok"
    assert list(entries(execution)) == ["renamed"]


@pytest.mark.promise(Promise.CONTAINERS)
def test_threads_and_locks_between_processes_work(view: dict[str, Any]) -> None:
    assert (view["thread"], view["lock"]) == ("ok", "ok")


@pytest.mark.promise(Promise.FILES)
def test_the_limits_of_files_are_in_force_and_hard(view: dict[str, Any]) -> None:
    limits = {name: view["limits"][name] for name in ("CORE", "NOFILE", "FSIZE")}
    assert limits == {"CORE": [0, 0], "NOFILE": [200, 200], "FSIZE": [1 << 20] * 2}


def _shown(path: str) -> list[str] | str:
    """What the engine's user sees there."""
    try:
        return sorted(os.listdir(path))
    except NotADirectoryError:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
