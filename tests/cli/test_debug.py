"""`shunter debug`: the container of a past call."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Ended, Shunter, process
from tests.engine.images.making import busybox, docker_archive, image
from tests.terminal import Terminal, terminal

MODULE = r"""
[module]
name = "half"
version = "0.1.0"
description = "Does half."

[functions.do]
doc = "Do half of it."
command = "printf half >/out/half.txt; mkdir own; cat >own/copy; echo 'bad luck' >&2; test \"$mood\" = good"
shell = true
stdin = "file"
parameters.file = {type = "File[text/*]"}
parameters.mood = {type = "str"}
returns = {type = "File", from = "out/half.txt"}

[functions.shown]
doc = "Show a file."
command = ["cat"]
stdin = "file"
parameters.file = {type = "File"}
returns = {type = "str"}
"""
PLAN = """
version: 1
inputs: {file: {type: "File[text/*]"}, moods: {type: "list[str]"}}
steps:
  - {id: one, call: half.do, each: {mood: {from: moods}}, with: {file: {from: file}}}
  - {id: two, call: half.shown, each: {file: {from: one}}}
outputs: {texts: {from: two}}
"""


@pytest.fixture
def ran(shunter: Shunter, here: Path) -> Ended:
    """A run whose second call of `one` failed."""
    (here / "modules/half").mkdir()
    (here / "modules/half/module.toml").write_text(MODULE)
    (here / "plan.yaml").write_text(PLAN)
    (here / "notes.txt").write_text("the note\n")
    return _run(shunter, '["good", "bad"]')


def _run(shunter: Shunter, moods: str) -> Ended:
    return shunter(
        "run", "plan.yaml", "--input", "file=notes.txt", "--input", f"moods={moods}", "--keep-going", "-q"
    )


def _debug(*words: str) -> Ended:
    return process("debug", *words)


@contextmanager
def _on_a_terminal(*words: str) -> Iterator[Terminal]:
    with terminal([*COMMAND, "debug", *words], environment={**os.environ, "TERM": "xterm"}) as screen:
        yield screen


def test_a_failure_says_how_to_look_into_it(ran: Ended, shunter: Shunter) -> None:
    run = ran.err.rpartition("(run ")[2].rstrip(")\n")
    assert ran.code == 1
    assert f"\n  look into it: shunter debug {run} one.1\n" in ran.err
    shown = shunter("runs", "show", "last").out
    assert "    kept of its /work: 2 files, 13 bytes\n" in shown
    assert f"look into what failed: shunter debug {run} one.1\n" in shown


def test_a_command_finds_what_the_failed_call_left_and_its_inputs(ran: Ended) -> None:
    script = "cat out/half.txt own/copy /in/*/notes.txt; echo $mood; echo >&2 seen; exit 9"
    ended = _debug("last", "one", "--", "sh", "-c", script)
    assert (ended.code, ended.out, ended.err) == (9, "halfthe note\nthe note\nbad\n", "seen\n")


def test_without_a_terminal_the_calls_own_command_runs_again(ran: Ended) -> None:
    ended = _debug("last", "one")
    assert (ended.code, ended.out) == (1, "")
    assert "File exists" in ended.err  # `mkdir own`, which the call has done before


def test_nothing_that_is_done_there_is_kept(ran: Ended) -> None:
    for _ in range(2):
        ended = _debug("last", "one", "--", "sh", "-c", "ls own; rm -r own out")
        assert (ended.code, ended.out) == (0, "copy\n")


def test_a_call_that_went_well_has_its_inputs_and_an_empty_folder(ran: Ended) -> None:
    ended = _debug("last", "one.0", "--", "sh", "-c", "ls out; ls; echo $mood")
    assert (ended.code, ended.out, ended.err) == (0, "out\ntmp\ngood\n", "")


def test_a_call_from_the_cache_can_be_entered(ran: Ended, shunter: Shunter) -> None:
    assert _run(shunter, '["good"]').code == 0
    ended = _debug("last", "two[0]", "--", "cat", "/run/step")
    assert (ended.code, ended.out) == (0, "exec cat </run/step.stdin\n")
    assert _debug("last", "two", "--", "sh", "/run/step").out == "half"


def test_a_shell_on_a_terminal(ran: Ended) -> None:
    with _on_a_terminal("last", "one") as screen:
        greeting = screen.wait_for("one /work$ ")
        assert "one[1] of run " in greeting
        assert "half.do ended with exit code 1\n" in greeting
        screen.type("sh -c 'echo r\"\"eady; exec sleep 60'\n")
        screen.wait_for("ready\n")  # which is in the foreground by then
        screen.type("\x03")
        screen.wait_for("one /work$ ")
        screen.type("echo $? $TERM $mood; cat out/half.txt; echo\n")
        assert "130 xterm bad\nhalf\n" in screen.wait_for("one /work$ ")
        screen.type("sh /run/step; echo ended $?\n")
        assert "ended 1" in screen.wait_for("ended 1")
        screen.type("exit 6\n")
        assert screen.end() == 6


def test_a_command_on_a_terminal_has_it(ran: Ended) -> None:
    with _on_a_terminal("last", "one", "--", "sh", "-c", "test -t 0 && stty size; exit 3") as screen:
        assert screen.end() == 3
    assert screen.screen == "24 80\n"


def test_what_follows_the_dashes_is_the_commands(ran: Ended) -> None:
    ended = _debug("last", "one", "--", "echo", "--debug", "--json", "--", "--help")
    assert (ended.code, ended.out) == (0, "--debug --json -- --help\n")


def test_a_module_that_changed_since_is_told_of(ran: Ended, here: Path) -> None:
    (here / "modules/half/module.toml").write_text(MODULE.replace("printf half", "printf all"))
    ended = _debug("last", "one", "--", "true")
    assert ended.code == 0
    assert ended.err == "note: the module half has changed since this plan was written\n"


def test_what_the_store_has_lost_is_told_of(ran: Ended, home: Path) -> None:
    for manifest in home.glob("trees/*/*.json"):
        if '"own"' in manifest.read_text() or "own/copy" in manifest.read_text():
            manifest.unlink()
    ended = _debug("last", "one", "--", "ls")
    assert (ended.code, ended.out) == (0, "out\ntmp\n")
    assert "what the call left in /work isn't kept any more" in ended.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("last", "three"), "has no step 'three'\n  it has one, two\n"),
        (("last", "one.7"), "has no call 7 of that step\n  the step has calls 0 to 1\n"),
        (("last", "two"), "two was never started: run "),
        (("nothing", "one"), "there is no run 'nothing'\n"),
        (("last",), "debug: the following arguments are required: STEP[.INDEX]\n"),
    ],
)
def test_what_cannot_be_entered_is_said(
    ran: Ended, shunter: Shunter, words: tuple[str, ...], told: str
) -> None:
    ended = shunter("debug", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_a_command_that_is_not_there_is_named(ran: Ended) -> None:
    ended = _debug("last", "one", "--", "no-such-program")
    assert ended.code == 127
    assert "no-such-program" in ended.err


def test_a_function_that_was_called_alone_can_be_entered(shunter: Shunter, here: Path) -> None:
    ended = shunter("call", "toy.fail", "--text", "x")
    assert "look into it: shunter debug " in ended.err
    assert _debug("last", "call", "--", "sh", "-c", "echo $text").out == "x\n"


WIDE = r"""
[module]
name = "wide"
version = "0.1.0"
description = "Has all that a step can have."
uses = ["half"]

[functions.reach]
doc = "Reach a host."
command = "echo left >note; exit 3"
shell = true
hosts = ["example.org"]
returns = {type = "str"}

[functions.inside]
doc = "Run in an image."
command = "echo left >note; exit 4"
shell = true
image = "{archive}"
parameters.archive = {type = "File[application/x-tar]"}
returns = {type = "str"}
"""
NO_CALLS = "note: it can't call functions here: its way to the engine ended with its run\n"


@pytest.fixture
def wide(here: Path) -> None:
    (here / "modules/half").mkdir()
    (here / "modules/half/module.toml").write_text(MODULE)
    (here / "modules/wide").mkdir()
    (here / "modules/wide/module.toml").write_text(WIDE)
    (here / "image.tar").write_bytes(docker_archive(image(busybox(), env=("PATH=/bin",))))


@pytest.mark.usefixtures("wide")
def test_a_step_with_hosts_has_its_way_out_and_is_told_what_it_has_not(shunter: Shunter) -> None:
    assert shunter("call", "wide.reach", "--yes").code == 1
    script = "cat note; echo $http_proxy; exec 3<>/dev/tcp/127.0.0.1/3128 && echo open; ls /run"
    ended = _debug("last", "call", "--", "bash", "-c", script)
    assert (ended.code, ended.err) == (0, NO_CALLS)
    assert ended.out == "left\nhttp://127.0.0.1:3128\nopen\nstep\n"
    again = _debug("last", "call")
    assert (again.code, again.out, again.err) == (3, "", NO_CALLS)


@pytest.mark.usefixtures("wide")
def test_a_step_in_an_image_is_entered_in_that_image(shunter: Shunter) -> None:
    assert shunter("call", "wide.inside", "--archive", "image.tar").code == 1
    ended = _debug(
        "last", "call", "--", "sh", "-c", "cat note; ls / /bin | grep -c busybox; sh /run/step; echo $?"
    )
    assert (ended.code, ended.out, ended.err) == (0, "left\n1\n4\n", NO_CALLS)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("files", ["bind", "archive"])
def test_a_step_of_docker_is_entered_with_its_files_bound_or_in_archives(
    shunter: Shunter, docker_daemon: str, monkeypatch: pytest.MonkeyPatch, files: str
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_daemon)
    monkeypatch.setenv("SHUNTER_DOCKER_FILES", files)
    (Path.cwd() / "modules/wide/module.toml").write_text(WIDE.replace('uses = ["half"]', ""))
    assert shunter("call", "wide.inside", "--archive", "image.tar", "--executor", "docker").code == 1
    ended = _debug("last", "call", "--", "sh", "-c", "cat note; cd /in && echo *; exit 5")
    assert (ended.code, ended.out, ended.err) == (5, "left\narchive\n", "")
    assert _debug("last", "call").code == 4


@pytest.mark.usefixtures("wide")
def test_a_step_with_hosts_is_not_entered_on_a_daemon_of_another_machine(
    shunter: Shunter, docker_daemon: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_daemon)
    monkeypatch.setenv("SHUNTER_DOCKER_FILES", "archive")
    assert shunter("call", "wide.reach", "--yes", "--executor", "docker").code == 1
    ended = _debug("last", "call")
    assert (ended.code, ended.out) == (5, "")
    assert (
        "wide.reach can't be run: it declares hosts, and a container of a Docker daemon on another"
        in ended.err
    )


@pytest.mark.parametrize("name", ["a\x1b[31mb\nc", "", ".", ".0", "[0]", "one[-1]", "../one"])
def test_a_step_that_nobody_could_have_named_is_told_without_its_control_characters(
    ran: Ended, shunter: Shunter, name: str
) -> None:
    ended = shunter("debug", "last", name)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("\n  it has one, two\n")
    assert ended.err.count("\n") == 2
    assert "\x1b" not in ended.err


def test_a_run_whose_record_is_broken_cannot_be_entered(ran: Ended, shunter: Shunter, home: Path) -> None:
    (record,) = home.glob("runs/*/run.json")
    record.write_text("{")
    ended = shunter("debug", "last", "one")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("shunter: this run doesn't record what it was begun with\n")


@pytest.mark.parametrize("taken", [0, 1])
def test_a_stream_that_is_closed_ends_nothing(ran: Ended, taken: int) -> None:
    words = shlex.join([*COMMAND, "debug", "last", "one", "--", "sh", "-c", "cat; echo said >&2; exit 7"])
    redirection = "<&-" if taken == 0 else "</dev/null >&-"
    ended = subprocess.run(
        ["/bin/sh", "-c", f"{words} {redirection}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "", "said\n")
