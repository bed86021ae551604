"""From arguments to the words, variables and standard input of a command."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import TypeAlias

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.values import Directory, File, Value
from shunter.engine.values.conform import Mismatch
from shunter.tools.command_line import file_name, shell_variables, stdin_of, words
from shunter.tools.modules.function import CommandEntry

FILE = File("my song.wav", digest_bytes(b"x"), 1)
FOLDER = Directory(digest_bytes(b"y"))

Written: TypeAlias = str | tuple[str, ...]


def _words(*written: Written, **arguments: Value) -> tuple[str, ...]:
    return words(CommandEntry(written, None, "stdout", None), arguments)


@pytest.mark.parametrize(
    ("word", "value", "said"),
    [
        ("{x}", "a", ["a"]),
        ("{x}", "", [""]),
        ("{x}", "a b; rm -rf / $(id) `id` 'q' \"q\" *", ["a b; rm -rf / $(id) `id` 'q' \"q\" *"]),
        ("{x}", "{y} {x}", ["{y} {x}"]),
        ("--x={x}", "a\nb", ["--x=a\nb"]),
        ("{x}{x}", 1, ["11"]),
        ("{x}", 1.5, ["1.5"]),
        ("{x}", True, ["true"]),
        ("{x}", None, [""]),
        ("{x}", FILE, ["/in/x/my song.wav"]),
        ("{x}", FOLDER, ["/in/x"]),
        ("{x}", ("a", "b c"), ["a", "b c"]),
        ("{x}", (), []),
        ("-x={x}", ("a", "b"), ["-x=a b"]),
        ("{x}", (FILE, FILE), ["/in/x/0/my song.wav", "/in/x/1/my song.wav"]),
        ("{x}", {"b": 1, "a": [FILE][0]}, ['{"a": {"$file": "/in/x/a/my song.wav"}, "b": 1}']),
        ("{X} {} {1}", "a", ["{X} {} {1}"]),
        ("caf\udce9 {x}", "\udce9", ["caf\udce9 \udce9"]),
    ],
)
def test_a_word_holds_its_argument_and_nothing_else(word: str, value: Value, said: list[str]) -> None:
    assert _words("run", word, x=value) == ("run", *said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"flag": True, "n": 1}, ["-v", "--n", "1"]),
        ({"flag": False, "n": 1}, ["--n", "1"]),
        ({"flag": True, "n": None}, ["-v"]),
        ({"flag": None, "n": None}, []),
    ],
)
def test_a_group_is_dropped_as_a_whole(arguments: Mapping[str, Value], said: list[str]) -> None:
    assert _words("run", ("?flag", "-v"), ("--n", "{n}"), **arguments) == ("run", *said)


def test_a_flags_group_is_dropped_too_where_a_parameter_in_it_is_null() -> None:
    assert _words("run", ("?flag", "-n", "{n}"), flag=True, n=None) == ("run",)
    assert _words("run", ("?flag", "-n", "{n}"), flag=True, n=0) == ("run", "-n", "0")


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "a\udfff"])
def test_text_that_no_command_can_be_given_is_refused(text: str) -> None:
    entry = CommandEntry(("run", "{x}"), "x", "stdout", None)
    for use in (lambda: words(entry, {"x": text}), lambda: dict(shell_variables({"x": text}))):
        with pytest.raises(Mismatch) as caught:
            use()
        assert str(caught.value) == (
            "x: expected text that a command can be given, got a NUL or half a character"
        )


def test_a_shells_text_never_holds_an_argument() -> None:
    entry = CommandEntry('printf "%s\\n" "$a" "$b"; echo {a}', None, "stdout", None)
    arguments: dict[str, Value] = {"a": '$(echo hacked) `id` "; echo hacked', "b": ("x", "y z")}
    command = words(entry, arguments)
    assert command == ("/bin/sh", "-eu", "-c", 'printf "%s\\n" "$a" "$b"; echo {a}')
    said = subprocess.run(
        command, env=dict(shell_variables(arguments)), capture_output=True, text=True, check=True
    )
    assert said.stdout == '$(echo hacked) `id` "; echo hacked\nx\ny z\n{a}\n'


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (FILE, FILE),
        ("é", b"\xc3\xa9"),
        ("\udce9", b"\xe9"),
        (("a", "b"), b"a\nb"),
        ({"a": 1}, b'{"a": 1}'),
        (None, b""),
    ],
)
def test_a_command_reads_a_parameter_from_its_standard_input(value: Value, given: File | bytes) -> None:
    assert stdin_of(CommandEntry(("run",), "x", "stdout", None), {"x": value}) == given


def test_a_command_may_read_nothing() -> None:
    assert stdin_of(CommandEntry(("run",), None, "stdout", None), {}) is None


@pytest.mark.parametrize(
    ("written", "value", "name"),
    [
        ("{x}.txt", FILE, "my song.wav.txt"),
        ("{x}.txt", "../../etc/passwd", ".._.._etc_passwd.txt"),
        ("{x}", "..", "stdout"),
        ("{x}", "", "stdout"),
        ("{x}", ("a", "b"), "a-b"),
        (None, "a", "stdout"),
    ],
)
def test_what_is_printed_gets_a_name_that_stays_in_its_folder(
    written: str | None, value: Value, name: str
) -> None:
    assert file_name(CommandEntry(("run",), None, "stdout", written), {"x": value}) == name


def test_a_name_is_never_longer_than_a_file_system_has_it() -> None:
    entry = CommandEntry(("run",), None, "stdout", "{x}.txt")
    assert file_name(entry, {"x": "é" * 300}) == "é" * 125 + ".txt"
