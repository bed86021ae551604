"""Steps that take more than they may, and what is said of it."""

from __future__ import annotations

import asyncio
import signal

import pytest
from tests.conformance.steps import execute, shell, step, text

from shunter.engine.actions.failure import FailureKind
from shunter.engine.actions.model import Action, Limits, Mount
from shunter.engine.executors.promises import Enforced, Promise
from shunter.engine.executors.protocol import Ending, Executor
from shunter.engine.run.diagnosis import diagnose
from shunter.engine.store.local import LocalStore

MEMORY = Limits(seconds=20, memory=100 << 20)
TAKE = "x = bytearray(400 << 20)"
FORKS = "import os, time\nfor _ in range(60):\n    if os.fork() == 0:\n        time.sleep(30)\n        os._exit(0)"


def _why(executor: Executor, store: LocalStore, action: Action) -> tuple[FailureKind, str]:
    """The kind of failure that running `action` ends with, and all that people are told of it."""
    failure = diagnose(action, execute(executor, action), store)
    assert failure is not None
    return failure.kind, f"{failure.message}; {failure.hint}"


@pytest.mark.promise(Promise.MEMORY, least=Enforced.PARTLY)
@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(("/usr/bin/python3", "-c", TAKE), id="itself"),
        pytest.param(("/bin/sh", "-c", "head -c 400000000 /dev/zero | tail"), id="a child in its own words"),
        pytest.param(
            ("/bin/sh", "-c", f"python3 -c '{TAKE}' 2>/dev/null; exit $?"),
            id="a silent child",
            marks=pytest.mark.promise(Promise.MEMORY),
        ),
    ],
)
def test_taking_more_memory_than_allowed_is_told(
    executor: Executor, store: LocalStore, argv: tuple[str, ...]
) -> None:
    kind, told = _why(executor, store, step(*argv, limits=MEMORY))
    assert kind is FailureKind.MEMORY
    assert "more memory than its limit of 100MiB" in told


@pytest.mark.promise(Promise.MEMORY)
def test_the_memory_of_all_processes_of_a_step_counts_together(executor: Executor, store: LocalStore) -> None:
    script = "python3 -c 'x = bytearray(50 << 20); import time; time.sleep(2)' & pids=\"$pids $!\";"
    action = shell(script * 4 + "for pid in $pids; do wait $pid || exit 1; done", limits=MEMORY)
    assert _why(executor, store, action)[0] is FailureKind.MEMORY


@pytest.mark.promise(Promise.MEMORY, least=Enforced.PARTLY)
def test_a_step_within_its_memory_limit_ends_well(executor: Executor) -> None:
    script = "x = bytearray(50 << 20)"
    limits = Limits(seconds=20, memory=200 << 20)
    assert execute(executor, step("/usr/bin/python3", "-c", script, limits=limits)).exit_code == 0


@pytest.mark.promise(Promise.PROCESS_LIMIT, least=Enforced.PARTLY)
@pytest.mark.parametrize(
    "argv",
    [
        ("/bin/sh", "-c", "i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i + 1)); done"),
        ("/usr/bin/python3", "-c", FORKS),
    ],
    ids=["shell", "python"],
)
def test_a_fork_bomb_is_stopped_and_its_cause_named(
    executor: Executor, store: LocalStore, argv: tuple[str, ...]
) -> None:
    kind, told = _why(executor, store, step(*argv, limits=Limits(seconds=20, processes=20)))
    assert kind is FailureKind.EXIT
    assert "at most 20 processes" in told


@pytest.mark.promise(Promise.PROCESS_LIMIT)
def test_several_steps_each_have_the_whole_process_limit(executor: Executor) -> None:
    """As root all steps have one uid: their processes must not be counted together."""
    script = "i=0; while [ $i -lt 20 ]; do sleep 0.5 & i=$((i + 1)); done; wait"
    action = shell(script, limits=Limits(seconds=20, processes=30))

    async def together() -> list[int | None]:
        executions = await asyncio.gather(*(executor.execute(action, ()) for _ in range(4)))
        return [each.exit_code for each in executions]

    assert asyncio.run(together()) == [0, 0, 0, 0]


@pytest.mark.promise(Promise.FILES)
def test_a_file_may_not_outgrow_its_limit(executor: Executor, store: LocalStore) -> None:
    limits = Limits(seconds=30, file_size=1 << 20)
    action = shell("exec head -c 2000000 /dev/zero >/out/big", limits=limits)
    execution = execute(executor, action)
    assert (execution.ending, execution.exit_code) == (Ending.SIGNALLED, 128 + signal.SIGXFSZ)
    failure = diagnose(action, execution, store)
    assert failure is not None
    assert failure.hint == "a step may write no file of more than 1MiB"


@pytest.mark.promise(Promise.FILES)
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("open('/out/big', 'wb').write(bytes(2 << 20))", "a step may write no file of more than 1MiB"),
        ("kept = [open('/dev/null') for _ in range(200)]", "at most 100 open files"),
    ],
    ids=["size", "open"],
)
def test_a_limit_of_files_that_a_program_reports_is_named(
    executor: Executor, store: LocalStore, script: str, told: str
) -> None:
    limits = Limits(seconds=30, file_size=1 << 20, open_files=100)
    _, why = _why(executor, store, step("/usr/bin/python3", "-c", script, limits=limits))
    assert told in why


FILL = "for i in 1 2 3 4 5 6; do head -c 1000000 /dev/zero >{0}/$i; done; "
DISK = Limits(seconds=60, disk=4 << 20)


@pytest.mark.promise(Promise.DISK, least=Enforced.PARTLY)
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(FILL.format("/out"), id="many files"),
        pytest.param("yes | head -c 6000000; ", id="what it prints"),
        pytest.param(
            "mkdir -m 700 /tmp/a; " + FILL.format("/tmp/a") + "chmod 700 /tmp/a; ", id="closed to others"
        ),
        pytest.param(
            "name=$(printf %0250d 1); for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; "
            "do mkdir $name; cd -P ./$name; done; " + FILL.format(".") + "cd /work; ",
            id="deeper than a path reaches",
            marks=pytest.mark.promise(Promise.DISK),
        ),
        pytest.param("mkdir '/tmp/\n-x'; " + FILL.format("'/tmp/\n-x'"), id="a strange name"),
    ],
)
def test_what_a_step_writes_is_limited_in_all(executor: Executor, store: LocalStore, script: str) -> None:
    action = shell(script + "exec sleep 20", limits=DISK)
    execution = execute(executor, action)
    assert execution.ending is Ending.WROTE_TOO_MUCH
    assert execution.seconds < 15
    failure = diagnose(action, execution, store)
    assert failure is not None
    assert (failure.kind, failure.message) == (
        FailureKind.DISK,
        "step wrote more in all than its limit of 4MiB",
    )


@pytest.mark.promise(Promise.DISK, least=Enforced.PARTLY)
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "head -c 3000000 /dev/zero >/out/a; for i in 1 2 3; do ln /out/a /out/$i; done", id="links"
        ),
        pytest.param("truncate -s 20M /tmp/a", id="holes", marks=pytest.mark.promise(Promise.DISK)),
        pytest.param(
            "for i in 1 2 3; do head -c 3000000 /dev/zero >/tmp/a; sleep 0.4; rm /tmp/a; done", id="removed"
        ),
        pytest.param("ln -s /usr /tmp/a", id="what a link leads to"),
    ],
)
def test_what_takes_no_room_counts_for_nothing(executor: Executor, store: LocalStore, script: str) -> None:
    execution = execute(executor, shell(script + "; sleep 1", limits=DISK))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0), text(store, execution.stderr)


@pytest.mark.promise(Promise.DISK, least=Enforced.PARTLY)
def test_what_a_step_is_given_does_not_count(executor: Executor, store: LocalStore) -> None:
    given = Mount("/in/given", store.put_bytes(bytes(6_000_000), "given"))
    assert execute(executor, shell("sleep 1", limits=DISK, mounts=[given])).exit_code == 0
