"""A person at the streams of a container."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.conformance.steps import processes_with
from tests.terminal import Terminal, terminal

from shunter.engine.executors.protocol import Executor
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import FileEntry, Tree
from shunter.engine.values import Directory

PERSON = str(Path(__file__).with_name("person.py"))
STUBBORN = "trap '' TERM HUP INT; (trap '' TERM HUP INT; setsid sleep {0}) & echo ready; sleep {0}; true"
INSIDE = """
import json, os
status = {name: value.strip() for name, _, value in (line.partition(":") for line in open("/proc/self/status"))}
print(json.dumps([status["CapEff"], status["NoNewPrivs"], status["Seccomp"], os.getuid(), dict(os.environ)]))
"""

Open = Callable[..., AbstractContextManager[Terminal]]


def _argv(
    executor: Executor, store: LocalStore, way: str, work: Directory | None, command: Sequence[str]
) -> list[str]:
    digest = "" if work is None else work.digest
    return [sys.executable, PERSON, executor.name, str(store.home), way, digest, *command]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def _run(
    executor: Executor, store: LocalStore, *command: str, given: str = "", work: Directory | None = None
) -> subprocess.CompletedProcess[str]:
    argv = _argv(executor, store, "pipes", work, command)
    return subprocess.run(
        argv, input=given, env=_environment(), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def open_terminal(executor: Executor, store: LocalStore) -> Open:
    """Enters a container with a command on a terminal."""

    def opened(*command: str, rows: int = 24, columns: int = 80) -> AbstractContextManager[Terminal]:
        argv = _argv(executor, store, "terminal", None, command)
        return terminal(argv, environment=_environment(), rows=rows, columns=columns)

    return opened


@pytest.fixture
def work(store: LocalStore) -> Directory:
    """What a step has left."""
    note, run = (
        store.put_bytes(b"note\n", "note"),
        store.put_bytes(b"#!/bin/sh\necho ran\n", "run", executable=True),
    )
    files = (
        ("note", FileEntry(note.digest, note.size)),
        ("run", FileEntry(run.digest, run.size, executable=True)),
    )
    return store.put_tree(Tree((*Tree(files).inside("out").entries, *Tree(()).inside("tmp").entries)))


@pytest.fixture
def marker() -> Iterator[str]:
    """A number of seconds that no process sleeps in the end."""
    made = f"98765.{random.randrange(10**9):09}"
    yield made
    for pid in processes_with(made):
        os.kill(pid, signal.SIGKILL)


def _gone(marker: str) -> bool:
    deadline = time.monotonic() + 10
    while processes_with(marker) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not processes_with(marker)


def test_a_command_reads_and_prints_through_pipes_and_gives_its_exit_code(
    executor: Executor, store: LocalStore
) -> None:
    ended = _run(executor, store, "/bin/sh", "-c", "cat; echo complained >&2; exit 7", given="given\n")
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "given\n", "complained\n")


def test_much_goes_through_whole(executor: Executor, store: LocalStore) -> None:
    given = "0123456789\n" * 200_000
    ended = _run(executor, store, "cat", given=given)
    assert ended.stdout == given


def test_a_reader_that_has_gone_ends_the_command(executor: Executor, store: LocalStore, marker: str) -> None:
    argv = _argv(executor, store, "pipes", None, ["/bin/sh", "-c", f"yes {marker}"])
    with subprocess.Popen(
        argv, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as person:
        assert person.stdout is not None
        person.stdout.read(100)
        person.stdout.close()
        assert person.wait(20) in (128 + signal.SIGPIPE, 128 + signal.SIGKILL)


def test_the_container_is_as_closed_as_a_steps(executor: Executor, store: LocalStore) -> None:
    ended = _run(executor, store, "/usr/bin/python3", "-c", INSIDE)
    powers, new, seccomp, uid, variables = json.loads(ended.stdout)
    assert (int(powers, 16), new, seccomp, uid) == (0, "1", "2", 1000)
    assert variables["GREETING"] == "good day"
    assert "PYTHONPATH" not in variables


def test_work_begins_with_what_was_left_and_can_be_changed(
    executor: Executor, store: LocalStore, work: Directory
) -> None:
    script = "cat /out/note; /out/run; echo more >>/out/note; rm /out/run; echo new >/tmp/new; ls /work"
    for _ in range(2):
        ended = _run(executor, store, "/bin/sh", "-c", script, work=work)
        assert (ended.stdout, ended.stderr) == ("note\nran\nout\ntmp\n", "")
    assert _run(executor, store, "/bin/ls", "/work/out").stdout == ""


def test_a_command_on_a_terminal_has_one_of_the_windows_size(open_terminal: Open) -> None:
    script = "test -t 0 && test -t 1 && test -t 2 && : </dev/tty && stty size && ps -o tty= -p $$ | tr -d ?; exit 5"
    with open_terminal("/bin/sh", "-c", script, rows=33, columns=99) as screen:
        assert screen.end() == 5
        assert "33 99\n" in screen.screen


def test_the_container_learns_of_a_new_size(open_terminal: Open) -> None:
    script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done"
    with open_terminal("/bin/bash", "-c", script) as screen:
        screen.wait_for("ready")
        screen.resize(50, 111)
        screen.wait_for("50 111")
        assert screen.end() == 0


def test_control_c_is_the_commands(open_terminal: Open) -> None:
    script = "trap 'echo caught; exit 4' INT; echo ready; while :; do sleep 0.05; done"
    with open_terminal("/bin/sh", "-c", script) as screen:
        screen.wait_for("ready")
        screen.type("\x03")
        assert screen.end() == 4
        assert "caught" in screen.screen


def test_a_shell_controls_its_jobs(open_terminal: Open) -> None:
    with open_terminal("/bin/bash", "--norc", "-i") as screen:
        screen.type("sh -c 'echo r\"\"eady; exec sleep 60'\n")
        screen.wait_for("ready\n")  # which is in the foreground by then
        screen.type("\x1a")
        screen.wait_for("Stopped")
        screen.type("kill %1; exit 6\n")
        screen.type("exit 6\n")
        assert screen.end() == 6
        assert "no job control" not in screen.screen


def test_the_terminal_is_put_back_as_it_was(executor: Executor, store: LocalStore) -> None:
    argv = _argv(executor, store, "terminal", None, ["/bin/true"])
    quoted = " ".join(f"'{word}'" for word in argv)
    with terminal(["/bin/sh", "-c", f"stty -a; {quoted}; stty -a"], environment=_environment()) as screen:
        assert screen.end() == 0
    first, second = screen.screen[: len(screen.screen) // 2], screen.screen[len(screen.screen) // 2 :]
    assert first == second
    assert "\nisig " in first


@pytest.mark.parametrize("how", ["hang up", "TERM", "KILL"])
def test_all_that_a_shell_started_ends_with_its_person(open_terminal: Open, marker: str, how: str) -> None:
    with open_terminal("/bin/bash", "--norc", "-i") as screen:
        screen.type(STUBBORN.format(marker) + "\n")
        screen.wait_for("\nready")
        if how == "hang up":
            screen.hang_up()
        else:
            screen.process.send_signal(getattr(signal, f"SIG{how}"))
        code = screen.process.wait(20)
        assert _gone(marker)
    assert code == {"hang up": 129, "TERM": 143, "KILL": -9}[how]


def test_one_whom_no_signal_reaches_ends_with_the_terminal_all_the_same(
    executor: Executor, store: LocalStore, marker: str
) -> None:
    argv = _argv(executor, store, "terminal", None, ["/bin/sh", "-c", STUBBORN.format(marker)])
    with terminal(["/bin/sh", "-c", 'setsid -w "$@"', "sh", *argv], environment=_environment()) as screen:
        screen.wait_for("ready")
        screen.hang_up()
        screen.process.wait(20)
        assert _gone(marker)
