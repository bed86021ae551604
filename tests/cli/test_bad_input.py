"""Whatever is handed in: one message that names the thing, the right exit code, and no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import COMMAND, Ended, Shunter, process

MODULE = '[module]\nname = "bad"\nversion = "1"\ndescription = "x"\n'
SHOUT = "{version: 1, steps: [{id: one, call: toy.shout, with: {text: x}}], outputs: {x: {from: one}}}"


def _is_one_message(ended: Ended) -> None:
    assert ended.out == ""
    assert ended.err.startswith("shunter: ")
    assert "Traceback" not in ended.err
    assert "Error" not in ended.err
    assert len(ended.err.splitlines()) <= 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "no.yaml"], "can't read the plan no.yaml: No such file or directory"),
        (["check", "no.yaml"], "can't read the plan no.yaml: No such file or directory"),
        (["run", "modules"], "modules is a folder, not a plan"),
        (["run", "notes.txt/plan.yaml"], "can't read the plan notes.txt/plan.yaml: Not a directory"),
        (["run", "x" * 300 + ".yaml"], "File name too long"),
        (["call", "toy.upper", "--file", "no.txt"], "file: there is no file or folder no.txt"),
        (["call", "toy.upper", "--file", "modules"], "file: modules is a folder; expected a file"),
        (["call", "toy.upper", "--file", "notes.txt/x"], "notes.txt/x"),
        (["call", "toy.upper", "--file", "dangling"], "file: there is no file or folder dangling"),
        (
            ["call", "toy.upper", "--file", "loop"],
            "file: can't look at loop: Too many levels of symbolic links",
        ),
        (["call", "toy.upper", "--file", "fifo"], "fifo"),
        (["call", "toy.upper", "--file", "/dev/null"], "/dev/null"),
        (["call", "toy.upper", "--file", ""], "file: "),
        (
            ["call", "toy.upper", "--file", "picture.txt"],
            "its name says text/plain, but its content is image/png",
        ),
        (["call", "toy.upper", "--file", "picture"], "file: picture is image/png; expected text/*"),
        (["call", "toy.same", "--file", "fifo"], "fifo"),
        (
            ["call", "toy.everything", "--text", "x", "--folder", "no"],
            "folder: there is no file or folder no",
        ),
        (["call", "toy.everything", "--text", "x", "--record", "@no.json"], "record: can't read no.json"),
        (["call", "toy.everything", "--text", "x", "--record", "@picture"], "record: can't read picture"),
        (["call", "toy.everything", "--text", "x", "--with-json", "[" * 150 + "]" * 150], "100 levels"),
        (["call", "toy.everything", "--text", "x", "--with-json", "[" * 9999], "json: expected Json as JSON"),
        (["call", "toy.everything", "--text", "x", "--number", "9" * 5000], "number: "),
        (["call", "toy.everything", "--text", "x", "--ratio", "nan"], "ratio: expected float"),
        (["call", "toy.everything", "--text", "x", "--ratio", "inf"], "ratio: expected float"),
        (["call", "toy"], "there is no function 'toy'"),
        (["call", "."], "there is no function '.'"),
        (["call", "toy.shout", "--jobs", "0", "--text", "x"], "expected a number from 1 on, got 0"),
        (["runs", "show"], "the following arguments are required: RUN"),
        (["runs", "list", "--last", "x"], "argument --last: "),
    ],
)
def test_a_bad_word_on_the_command_line_is_a_usage_error(
    shunter: Shunter, here: Path, words: list[str], said: str
) -> None:
    (here / "notes.txt").write_text("notes")
    (here / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (here / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (here / "dangling").symlink_to("nowhere")
    (here / "loop").symlink_to("loop")
    os.mkfifo(here / "fifo")
    ended = shunter(*words)
    assert ended.code == 2
    _is_one_message(ended)
    assert said in ended.err


PLANS = {
    "empty": (b"", "the file is empty"),
    "only a comment": (b"# a plan\n", "the file is empty"),
    "binary": (bytes(range(256)), "it isn't UTF-8 text"),
    "zeros": (b"version: 1\nsteps: []\x00", "not YAML"),
    "utf-16": ("version: 1\nsteps: []\n".encode("utf-16"), "it isn't UTF-8 text"),
    "text": (b"just some words\n", "this isn't a plan"),
    "a list": (b"- 1\n- 2\n", "this isn't a plan"),
    "a number": (b"17", "this isn't a plan"),
    "broken flow": (b"version: 1\nsteps: [\n", "not YAML"),
    "tabs": (b"version: 1\nsteps:\n\t- id: x\n", "line 3"),
    "two documents": (b"version: 1\nsteps: []\n---\nversion: 1\n", "a second document begins here"),
    "a key twice": (b"version: 1\nsteps: []\nversion: 1\n", "the key `version` is given twice"),
    "another version": (b"version: 2\nsteps: []\n", "version"),
    "no version": (b"steps: []\n", "version"),
    "no steps": (b"version: 1\n", "steps"),
    "an unknown field": (b"version: 1\nsteps: []\nstesp: []\n", "stesp"),
    "steps that are text": (b"version: 1\nsteps: none\n", "steps"),
    "a bad type": (b'version: 1\ninputs: {x: {type: "list[File"}}\nsteps: []\n', "inputs.x.type"),
    "a bad step name": (b"version: 1\nsteps: [{id: 'a b', call: x.y}]\n", "id"),
    "nested too deeply": (b"[" * 5000, "nested too deeply"),
    "deep data": (
        b"version: 1\nsteps: []\noutputs: {x: " + b"[" * 150 + b"]" * 150 + b"}\n",
        "at most 100 levels",
    ),
    "anchors": (b"version: 1\nsteps: &a []\noutputs: {x: *a}\n", "have to be written out"),
    "itself": (b"version: 1\nsteps: &a [*a]\n", "have to be written out"),
    "half a character": (b'version: 1\ngoal: "\\ud800"\nsteps: []\n', "invalid Unicode character"),
}


@pytest.mark.parametrize(("content", "said"), PLANS.values(), ids=PLANS)
def test_a_malformed_plan_is_a_plan_error(shunter: Shunter, here: Path, content: bytes, said: str) -> None:
    (here / "plan.yaml").write_bytes(content)
    for command in ("check", "run"):
        ended = shunter(command, "plan.yaml")
        assert ended.code == 3, ended
        _is_one_message(ended)
        assert said in ended.err


MANIFESTS = {
    "empty": (b"", "module: field required"),
    "binary": (bytes(range(256)), "isn't UTF-8 text"),
    "no toml": (b"[module\n", "isn't TOML"),
    "an unknown field": (MODULE.encode() + b"colour = 1\n", "module.colour"),
    "another name": (MODULE.replace("bad", "good").encode(), "'good'"),
    "no functions": (MODULE.encode(), "publishes no function"),
    "no python file": (f'{MODULE}[python]\nfile = "no.py"\n'.encode(), "no.py"),
    "a file outside": (f'{MODULE}[python]\nfile = "../toy/toy.py"\n'.encode(), "outside the module's folder"),
    "a bad type": (
        f'{MODULE}[functions.f]\ndoc = "x"\ncommand = ["true"]\nreturns = {{type = "Fiel"}}\n'.encode(),
        "functions.f.returns.type",
    ),
    "an unknown parameter": (
        f'{MODULE}[functions.f]\ndoc = "x"\ncommand = ["cat", "{{x}}"]\nreturns = {{type = "str"}}\n'.encode(),
        "'x', which is no parameter",
    ),
    "a bad limit": (
        f'{MODULE}[functions.f]\ndoc = "x"\ncommand = ["true"]\nreturns = {{type = "str"}}\n'
        'limits = {memory = "much"}\n'.encode(),
        "not a size: 'much'",
    ),
    "a missing lock": (
        f'{MODULE}[python]\nfile = "bad.py"\nlock = "no.lock"\n'.encode(),
        "no.lock",
    ),
}


@pytest.mark.parametrize(("content", "said"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_malformed_manifest_is_a_plan_error_that_names_the_file(
    shunter: Shunter, here: Path, content: bytes, said: str
) -> None:
    folder = here / "modules" / "bad"
    folder.mkdir()
    (folder / "module.toml").write_bytes(content)
    (folder / "bad.py").write_text(
        "from shunter.sdk import function\n\n@function\ndef f() -> str:\n    '''x'''\n"
    )
    ended = shunter("call", "bad.f")
    assert ended.code == 3, ended
    _is_one_message(ended)
    assert said in ended.err
    assert "bad" in ended.err
    assert shunter("call", "toy.shout", "--text", "x").code == 0, "the other modules still work"


@pytest.mark.parametrize("place", ["notes.txt", "notes.txt/home", "/dev/null", "/proc/home", "notes"])
def test_a_home_that_cannot_be_one_is_the_machines_matter(shunter: Shunter, here: Path, place: str) -> None:
    (here / "notes.txt").write_text("notes")
    (here / "notes").mkdir()
    (here / "notes" / "mine.txt").write_text("mine")
    for words in (["call", "toy.shout", "--text", "x"], ["runs", "list"], ["doctor"]):
        ended = shunter(*words, "--home", place)
        assert ended.code == 5, ended
        _is_one_message(ended)
        assert place in ended.err
    assert os.listdir(here / "notes") == ["mine.txt"]


@pytest.mark.parametrize("place", ["notes.txt", "notes.txt/out", "/proc/out"])
def test_outputs_that_cannot_be_written_leave_nothing_behind(
    shunter: Shunter, here: Path, place: str
) -> None:
    (here / "notes.txt").write_text("notes")
    (here / "plan.yaml").write_text(SHOUT)
    before = sorted(os.listdir(here))
    ended = shunter("run", "plan.yaml", "-q", "--output", place)
    assert ended.code == 5
    _is_one_message(ended)
    assert place in ended.err
    assert sorted(os.listdir(here)) == before
    assert (here / "notes.txt").read_text() == "notes"


@pytest.mark.parametrize("words", [("run", "no.yaml", "--debug"), ("--debug", "run", "no.yaml")])
def test_debug_shows_where_an_error_came_from_and_changes_nothing_else(
    here: Path, words: tuple[str, ...]
) -> None:
    ended = process(*words)
    assert ended.code == 2
    assert "Traceback (most recent call last)" in ended.err
    assert ended.err.splitlines()[-1] == "shunter: can't read the plan no.yaml: No such file or directory"


@pytest.mark.parametrize("words", [["functions"], ["run", "--help"], ["--help"], ["--version"]])
def test_a_reader_that_has_gone_is_no_error(here: Path, words: list[str]) -> None:
    command = [*COMMAND, *words]
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


def _without_privileges() -> list[str]:
    """What makes root as unable to read other users' files as anybody else is."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv isn't there, and root can read everything")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]


@pytest.mark.parametrize(
    ("words", "closed", "code"),
    [
        (["call", "toy.upper", "--file", "closed.txt"], "closed.txt", 2),
        (["call", "toy.same", "--file", "closed.txt"], "closed.txt", 2),
        (["call", "toy.everything", "--text", "x", "--folder", "closed"], "closed", 2),
        (["call", "toy.everything", "--text", "x", "--record", "@closed.txt"], "closed.txt", 2),
        (["run", "closed.txt"], "closed.txt", 2),
        (["call", "toy.shout", "--text", "x"], "modules/toy/module.toml", 3),
        (["call", "toy.pages", "--texts", "x"], "modules/toy/toy.py", 3),
        (["call", "toy.shout", "--text", "x", "--home", "closed"], "closed", 5),
        (["call", "toy.shout", "--text", "x", "--home", "closed/home"], "closed", 5),
    ],
)
def test_what_the_user_may_not_read_is_named(here: Path, words: list[str], closed: str, code: int) -> None:
    (here / "closed.txt").write_text("secret")
    (here / "closed").mkdir()
    os.chmod(here / closed, 0)
    if os.geteuid() == 0:
        os.chown(here / closed, 61234, 61234)
    command = [*_without_privileges(), *COMMAND, *words]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=False)
    ended = Ended(ran.returncode, ran.stdout, ran.stderr.decode())
    os.chmod(here / closed, 0o700)
    assert ended.code == code, ended
    _is_one_message(ended)
    assert closed.rpartition("/")[2] in ended.err
