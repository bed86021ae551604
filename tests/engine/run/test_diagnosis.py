"""How a step ended, as a failure that people and planners can act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.engine.actions.failure import Failure
from shunter.engine.actions.model import Action, Command, Limits, Returns
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.run.diagnosis import diagnose, tail
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Tree
from shunter.engine.types import Json


@pytest.fixture
def store(open_folder: Path) -> LocalStore:
    return LocalStore(open_folder / "home")


def _diagnosed(
    store: LocalStore, ending: Ending, code: int | None, *, stderr: bytes = b"", detail: str = ""
) -> Failure | None:
    action = Action(
        label="toy.one",
        identity=digest_bytes(b"toy.one"),
        arguments={},
        command=Command(("play", "it")),
        returns=Returns(Json()),
        limits=Limits(seconds=2.5, memory=64 << 20),
    )
    log = store.put_bytes(stderr, "stderr") if stderr else None
    return diagnose(action, Execution(ending, code, Tree(()), None, log, 1.0, detail), store)


def test_what_ended_well_is_no_failure(store: LocalStore) -> None:
    assert _diagnosed(store, Ending.EXITED, 0, stderr=b"a warning\n") is None


@pytest.mark.parametrize(
    ("ending", "code", "detail", "kind", "message"),
    [
        (Ending.EXITED, 3, "", "exit", "toy.one ended with exit code 3"),
        (Ending.SIGNALLED, 139, "", "signal", "toy.one was ended by SIGSEGV"),
        (Ending.SIGNALLED, 128 + 77, "", "signal", "toy.one was ended by a signal (exit code 205)"),
        (Ending.SIGNALLED, None, "", "signal", "toy.one was ended by a signal (exit code None)"),
        (Ending.TIMED_OUT, None, "", "timeout", "toy.one ran longer than its limit of 2.5 s"),
        (Ending.OUT_OF_MEMORY, 137, "", "memory", "toy.one used more memory than its limit of 64MiB"),
        (Ending.WROTE_TOO_MUCH, None, "", "disk", "toy.one wrote more in all than its limit of 64GiB"),
        (
            Ending.NOT_STARTED,
            None,
            "no such program: play",
            "executor",
            "the container for toy.one couldn't be started: no such program: play",
        ),
        (
            Ending.UNSAFE_OUTPUT,
            0,
            "a fifo",
            "output-invalid",
            "toy.one left something that can't be taken: a fifo",
        ),
    ],
)
def test_each_ending_has_its_kind_and_sentence(
    store: LocalStore, ending: Ending, code: int | None, detail: str, kind: str, message: str
) -> None:
    failure = _diagnosed(store, ending, code, detail=detail)
    assert failure is not None
    assert (failure.kind.value, failure.message, failure.exit_code) == (kind, message, code)
    assert failure.command == ("play", "it")


@pytest.mark.parametrize(
    ("ending", "code", "detail", "hint"),
    [
        (Ending.TIMED_OUT, None, "", "a plan can give its step more: `limits: {timeout: 5}`"),
        (Ending.OUT_OF_MEMORY, 137, "", "a plan can give its step more: `limits: {memory: 128MiB}`"),
        (Ending.WROTE_TOO_MUCH, None, "", "a plan can give its step more: `limits: {disk: 128GiB}`"),
        (
            Ending.OUT_OF_MEMORY,
            1,
            "probably",
            "probably; a plan can give its step more: `limits: {memory: 128MiB}`",
        ),
        (Ending.SIGNALLED, 128 + 25, "", "a step may write no file of more than 16GiB"),
        (Ending.SIGNALLED, 139, "", None),
        (Ending.EXITED, 1, "", None),
    ],
)
def test_a_limit_that_was_reached_says_how_to_raise_it(
    store: LocalStore, ending: Ending, code: int | None, detail: str, hint: str | None
) -> None:
    failure = _diagnosed(store, ending, code, detail=detail)
    assert failure is not None
    assert failure.hint == hint


def test_a_container_that_does_not_start_points_at_doctor(store: LocalStore) -> None:
    failure = _diagnosed(store, Ending.NOT_STARTED, None)
    assert failure is not None
    assert failure.hint == "run `shunter doctor` to see what this machine allows"


def test_the_last_lines_are_kept(store: LocalStore) -> None:
    lines = [f"line {number}" for number in range(500)]
    log = store.put_bytes("\n".join(lines).encode(), "stderr")
    assert tail(log, store).splitlines() == lines[-20:]


def test_endless_lines_are_cut(store: LocalStore) -> None:
    assert len(tail(store.put_bytes(b"x" * 100_000, "stderr"), store)) <= 4096


def test_nothing_that_could_repaint_a_terminal_is_left(store: LocalStore) -> None:
    log = store.put_bytes(
        b"\x1b[2J\x1b]0;title\x07red\r\x08over\x9b31m\n\ttabbed \xff\xc2\x85 \xe2\x80\xae bidi\x00\n",
        "stderr",
    )
    text = tail(log, store)
    assert all(c.isprintable() or c in "\n\t" for c in text)
    assert "red" in text
    assert "\ttabbed" in text


def test_no_log_has_no_last_lines(store: LocalStore) -> None:
    assert tail(None, store) == ""


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("sh: 0: Cannot fork", "perhaps it needs more: a step may have at most 1024 processes at once"),
        (
            "BlockingIOError: [Errno 11] Resource temporarily unavailable",
            "perhaps it needs more: a step may have at most 1024 processes at once",
        ),
        (
            "OSError: [Errno 24] Too many open files: 'x'",
            "perhaps it needs more: each of its processes may have at most 4096 open files",
        ),
        ("OSError: [Errno 27] File too large", "a step may write no file of more than 16GiB"),
        ("something else", None),
    ],
)
def test_a_limit_that_a_program_complains_of_is_named(store: LocalStore, said: str, hint: str | None) -> None:
    failure = _diagnosed(store, Ending.EXITED, 1, stderr=said.encode())
    assert failure is not None
    assert failure.hint == hint
