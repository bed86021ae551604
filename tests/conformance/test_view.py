"""What a step finds in its container, looked at by one step for all tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.steps import entries, execute, step, text

from shunter.engine.actions.model import Inline, Limits
from shunter.engine.executors.protocol import Execution, Executor
from shunter.engine.store.local import LocalStore

INSIDE = Path(__file__).with_name("inside.py")
READ_ONLY = "/:/usr:/etc:/in:/run:/dev:/lib"
WRITABLE = "/work:/out:/tmp:/dev/shm"


@pytest.fixture(scope="module")
def execution(executor: Executor) -> Execution:
    action = step(
        *("/usr/bin/python3", "/in/inside.py", READ_ONLY, WRITABLE),
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


def test_a_step_starts_in_work_as_an_ordinary_user(view: dict[str, Any]) -> None:
    assert view["cwd"] == "/work"
    assert view["ids"] in ([1000, 1000, []], [1000, 1000, [1000]])
    assert view["user"] == "/work/tmp"


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


def test_what_could_differ_between_machines_is_fixed(view: dict[str, Any]) -> None:
    assert view["umask"] == 0o022
    assert view["hostname"] == "step"
    assert view["time zone"] == ["UTC", "UTC"]
    assert view["encoding"] == "utf-8"


def test_a_step_has_no_privileges_and_no_way_to_any(view: dict[str, Any]) -> None:
    status = view["status"]
    sets = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    assert {name: int(status[name], 16) for name in sets} == dict.fromkeys(sets, 0)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_a_step_inherits_three_descriptors_and_nothing_to_read(view: dict[str, Any]) -> None:
    assert view["descriptors"] == [0, 1, 2]
    assert view["stdin"] == ""


def test_a_step_sees_no_process_but_its_own(view: dict[str, Any]) -> None:
    assert view["processes"] <= 2


def test_nothing_of_the_host_is_there_but_system_folders(view: dict[str, Any]) -> None:
    assert view["hidden"] == []
    system = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}
    assert set(view["root"]) - system == {"dev", "etc", "in", "out", "proc", "run", "tmp", "usr", "work"}


def test_only_works_own_folders_can_be_written(view: dict[str, Any]) -> None:
    assert set(view["read-only"].values()) <= {"EROFS", "EACCES"}
    assert set(view["writable"].values()) == {"ok"}


def test_kernel_settings_cannot_be_opened_for_writing(view: dict[str, Any]) -> None:
    assert view["sysctl"] in ("EROFS", "EACCES")


def test_there_is_no_network_but_loopback(view: dict[str, Any]) -> None:
    assert view["interfaces"] == ["lo"]
    assert view["outside"] == "ENETUNREACH"
    assert view["loopback"] == "ok"


def test_a_temporary_file_can_be_renamed_into_out(view: dict[str, Any], execution: Execution) -> None:
    assert view["rename"] == "ok"
    assert list(entries(execution)) == ["renamed"]


def test_threads_and_locks_between_processes_work(view: dict[str, Any]) -> None:
    assert (view["thread"], view["lock"]) == ("ok", "ok")


def test_the_limits_are_in_force_and_hard(view: dict[str, Any]) -> None:
    assert view["limits"] == {
        "CORE": [0, 0],
        "NPROC": [101, 101],
        "NOFILE": [200, 200],
        "FSIZE": [1 << 20] * 2,
    }
