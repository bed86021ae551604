"""What containers print and name can't repaint the terminal, and always prints."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.conftest import Shunter, process

NAMES = {
    "escape": r"\x1b[2Jevil.txt",
    "lines": r"two\nlines.txt",
    "bytes": r"\udcff\udc80.txt",
    "backwards": r"a\u202etxt.exe",
}
"""File names as `toy.named` takes them: written with escapes."""


def _clean(text: str) -> bool:
    return all(c.isprintable() or c in "\n\t" for c in text)


def test_last_words_with_escape_codes_are_shown_without_them(shunter: Shunter) -> None:
    ended = shunter("call", "toy.fail", "--text", "\x1b]0;owned\x07")
    assert ended.code == 1
    assert _clean(ended.err)
    assert "owned" in ended.err


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_with_an_odd_name_is_named_safely(shunter: Shunter, here: Path, name: str) -> None:
    (here / "plan.yaml").write_text(
        f"{{version: 1, steps: [{{id: one, call: toy.named, with: {{name: '{name}'}}}}],"
        " outputs: {file: {from: one}, files: [{from: one}, {from: one}]}}"
    )
    for words in (["--output", "out"], ["--quiet"], []):
        ended = shunter("run", "plan.yaml", *words)
        assert ended.code == 0, ended.err
        assert _clean(ended.out + ended.err)
        assert len(ended.out.splitlines()) == 3
    document = json.loads(shunter("run", "plan.yaml", "--json", "-q").out)
    assert document["outputs"]["file"]["file"] == name.encode().decode("unicode_escape")
    shown = shunter("runs", "show", "last")
    assert shown.code == 0
    assert _clean(shown.out)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_with_an_odd_name_is_kept_under_it(shunter: Shunter, here: Path, name: str) -> None:
    (here / "into").mkdir()
    ended = shunter("call", "toy.named", "--name", name, "-o", "into")
    assert ended.code == 0, ended.err
    assert _clean(ended.out)
    assert ended.out.count("\n") == 1
    assert os.listdir(here / "into") == [name.encode().decode("unicode_escape")]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_bytes_with_an_odd_name_are_named_safely(shunter: Shunter, name: str) -> None:
    ended = shunter("call", "toy.named", "--name", name, "--content", "\\0")
    assert ended.code == 0, ended.err
    assert _clean(ended.out)
    assert ended.out.endswith(", 1 bytes\n")
    assert ended.out.count("\n") == 1


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_input_with_an_odd_name_goes_through(shunter: Shunter, here: Path, name: str) -> None:
    path = here / name.encode().decode("unicode_escape")
    path.write_text("hello\n")
    ended = shunter("call", "toy.same", "--file", path.name)
    assert (ended.code, ended.out, ended.err) == (0, "hello\n", "")


def test_a_list_of_odd_names_prints_as_json(shunter: Shunter, here: Path) -> None:
    ended = shunter("call", "toy.pages", "--texts", "\x1b[2J")
    assert ended.code == 0
    assert b"\x1b" not in ended.raw
    assert json.loads(ended.out)[0]["title"] == "\x1b[2J"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_whatever_the_terminal_understands_everything_prints(here: Path, encoding: str) -> None:
    (here / "plan.yaml").write_text(
        "{version: 1, steps: [{id: one, call: toy.odd}, {id: two, call: toy.named, with: {name: '\\udcff'}}],"
        " outputs: {text: {from: one}, file: {from: two}}}"
    )
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    for words in (["call", "toy.odd"], ["run", "plan.yaml"], ["check", "plan.yaml"], ["doctor"]):
        ended = process(*words, environment=environment)
        assert ended.code == 0, ended.err
        assert ended.raw


def test_text_that_is_no_unicode_is_kept(shunter: Shunter, here: Path) -> None:
    ended = shunter("call", "toy.odd", "-o", "kept.txt")
    assert ended.code == 0, ended.err
    assert (here / "kept.txt").read_bytes().startswith(b"odd ")


def test_a_message_of_the_command_line_itself_cannot_repaint_the_terminal(shunter: Shunter) -> None:
    for words in (["run", "\x1b[2J.yaml"], ["call", "toy.\x1b[2J"], ["\x1b[2J"], ["run", "--\x1b[2J"]):
        ended = shunter(*words)
        assert ended.code == 2
        assert _clean(ended.err), words
