"""`--help` of everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Shunter

from shunter.cli.main import COMMANDS

PLAIN = [
    "cache info",
    "cache verify",
    "cache prune",
    "explain",
    "run",
    "check",
    "functions",
    "doctor",
    "runs list",
    "runs show",
    "runs logs",
    "call",
]


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_the_overview_names_every_command_and_every_exit_code(shunter: Shunter, words: list[str]) -> None:
    ended = shunter(*words)
    assert (ended.code, ended.err) == (0, "")
    assert all(f"\n  {name} " in ended.out for name in COMMANDS)
    assert all(f"\n  {code}  " in ended.out for code in (0, 1, 2, 3, 4, 5, 130))
    assert "examples:\n  shunter " in ended.out


@pytest.mark.parametrize("command", PLAIN)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help_with_an_example(shunter: Shunter, command: str, flag: str) -> None:
    ended = shunter(*command.split(), flag)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"usage: shunter {command}")
    assert f"example:\n  shunter {command}" in ended.out


@pytest.mark.parametrize("command", ["run", "call"])
def test_what_runs_something_documents_its_exit_codes(shunter: Shunter, command: str) -> None:
    out = shunter(command, "--help").out
    assert all(f"\n  {code}  " in out for code in (0, 1, 2, 3, 4, 5, 130))


def test_help_of_runs_names_what_it_can_do(shunter: Shunter) -> None:
    ended = shunter("runs", "--help")
    assert ended.code == 0
    assert all(f"`shunter runs {name}`" in ended.out for name in ("list", "show", "logs"))


def test_help_of_a_function_has_its_parameters_with_types_and_defaults(shunter: Shunter) -> None:
    ended = shunter("call", "toy.everything", "--help")
    assert (ended.code, ended.err) == (0, "")
    for option in (
        "--text str",
        '--choice "red" | "dark blue"',
        "--max_words int, --max-words int",
        "--with-home str",
    ):
        assert option in ended.out
    assert "100 % of it" in ended.out
    assert "(needed)" in ended.out
    assert "(default: 0.5)" in ended.out


def test_help_of_every_bundled_function_works(shunter: Shunter) -> None:
    names = [line.split()[0] for line in shunter("functions").out.splitlines()]
    assert len(names) > 20
    for name in names:
        ended = shunter("call", name, "--help")
        assert (ended.code, ended.err) == (0, ""), name
        assert f"usage: shunter call {name}" in ended.out
        assert "example:\n  shunter call" in ended.out


def test_help_shows_the_example_of_a_function(shunter: Shunter) -> None:
    assert "example:\n  shunter call toy.shout --text hello\n" in shunter("call", "toy.shout", "-h").out


def test_no_command_at_all_is_a_usage_error(shunter: Shunter) -> None:
    ended = shunter()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("usage: shunter COMMAND")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("chek", "shunter: there is no command 'chek'\n  did you mean `shunter check`?\n"),
        ("nonsense", "shunter: there is no command 'nonsense'\n  `shunter --help` lists the commands\n"),
    ],
)
def test_an_unknown_command_is_a_usage_error(shunter: Shunter, word: str, said: str) -> None:
    ended = shunter(word)
    assert (ended.code, ended.out, ended.err) == (2, "", said)


def test_runs_without_a_command_of_its_own_is_a_usage_error(shunter: Shunter) -> None:
    for words in ([], ["nonsense"]):
        ended = shunter("runs", *words)
        assert (ended.code, ended.out) == (2, "")
        assert "`shunter runs list`" in ended.err


def test_the_version_is_told(shunter: Shunter) -> None:
    ended = shunter("--version")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("shunter 0.")


def test_help_touches_no_home_folder(shunter: Shunter, home: Path) -> None:
    for words in (["--help"], ["run", "--help"], ["call", "toy.shout", "--help"], ["functions"]):
        assert shunter(*words).code == 0
    assert not home.exists()
