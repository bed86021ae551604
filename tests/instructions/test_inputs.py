"""Inputs as they are written on a command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shunter.engine.digest import digest_bytes
from shunter.engine.errors import InputError, UsageError
from shunter.engine.store.local import LocalStore
from shunter.engine.types import parse_type
from shunter.engine.values import Directory, File, Value
from shunter.instructions.inputs import Wanted, bind_inputs

FLAG = "--input {name}=…"


def _bound(store: LocalStore, kind: str, *texts: str) -> Value:
    wanted = {"x": Wanted(parse_type(kind))}
    return bind_inputs(wanted, [("x", text) for text in texts], store, flag=FLAG)["x"]


def _refused(store: LocalStore, kind: str, *texts: str) -> str:
    with pytest.raises(InputError) as caught:
        _bound(store, kind, *texts)
    return caught.value.message.removeprefix("x: ")


def _file(name: str, content: bytes, *, executable: bool = False) -> File:
    return File(name, digest_bytes(content), len(content), executable)


@pytest.mark.parametrize(
    ("kind", "texts", "value"),
    [
        ("str", ["en"], "en"),
        ("str", [""], ""),
        ("str", ["@file"], "@file"),
        ("str", ["*.wav"], "*.wav"),
        ("str", ["a=b"], "a=b"),
        ("int", ["-3"], -3),
        ("float", ["3"], 3.0),
        ("float", ["1e-3"], 0.001),
        ("bool", ["true"], True),
        ("bool", ["NO"], False),
        ('"en" | "de"', ["de"], "de"),
        ("str | None", ["null"], "null"),
        ("int | None", ["3"], 3),
        ("list[str]", ["a", "b c", "a"], ("a", "b c", "a")),
        ("list[str]", ["a"], ("a",)),
        ("list[str]", ['["a", "b"]'], ("a", "b")),
        ("list[int]", ["1", "2"], (1, 2)),
        ("list[float]", ["[1, 2.5]"], (1.0, 2.5)),
        ("list[list[int]]", ["[1]", "[2, 3]"], ((1,), (2, 3))),
        ("list[str] | None", ["a"], ("a",)),
        ("Json", ['{"a": [1, null]}'], {"a": (1, None)}),
        ("Json", ["3"], 3),
        ("{a: int, b: str | None}", ['{"a": 1, "more": 2}'], {"a": 1, "b": None}),
    ],
)
def test_text_becomes_a_value(store: LocalStore, kind: str, texts: list[str], value: Value) -> None:
    bound = _bound(store, kind, *texts)
    assert (bound, repr(bound)) == (value, repr(value))


@pytest.mark.parametrize(
    ("kind", "texts", "message"),
    [
        ("int", ["three"], "expected int, got str 'three'"),
        ("int", ["1.5"], "expected int, got str '1.5'"),
        ("int", ["1" * 5000], f"expected int, got str '{'1' * 57}'…"),
        ("float", ["nan"], "expected float, got float nan"),
        ("bool", ["1"], "expected bool, got str '1'"),
        ('"en" | "de"', ["fr"], 'expected "en" | "de", got str \'fr\' (one of en, de)'),
        ("str", ["a", "b"], "given 2 times; expected one str"),
        ("Json", ["a"], "expected Json as JSON, got str 'a' (Expecting value: line 1 column 1 (char 0))"),
        ("Json", ["NaN"], "expected Json, got float nan"),
        ("{a: int}", ['{"b": 1}'], "expected {a: int}, got a record without a (one of a)"),
        ("list[int]", ['[1, "a"]'], "[1]: expected int, got str 'a'"),
        ("list[int]", ["1", "b"], "expected int, got str 'b'"),
        (
            "Secret | None",
            ["hunter2"],
            (
                "a secret is given by where it is kept (env:NAME, file:PATH or cmd:COMMAND), "
                "got text of 7 characters that names no source (never the value itself: others see it in the list of processes)"
            ),
        ),
        ("Json", ["@nowhere.json"], "can't read nowhere.json: No such file or directory"),
        ("Json", ["@."], "can't read .: Is a directory"),
    ],
)
def test_text_that_is_no_such_value_is_refused(
    store: LocalStore, kind: str, texts: list[str], message: str
) -> None:
    assert _refused(store, kind, *texts) == message


@pytest.mark.parametrize("depth", [200, 100_000])
def test_json_is_not_nested_without_end(store: LocalStore, depth: int) -> None:
    message = _refused(store, "Json", "[" * depth + "]" * depth)
    assert message.startswith("expected Json as JSON, got str '[[[[")
    assert len(message) < 250


def test_json_can_stand_in_a_file(store: LocalStore, here: Path) -> None:
    (here / "data.json").write_text('{"letter": "é"}')
    assert _bound(store, "Json", "@data.json") == {"letter": "é"}
    (here / "data.json").write_bytes(b"\xff")
    assert _refused(store, "Json", "@data.json") == "can't read data.json: not UTF-8 text"
    (here / "data.json").write_bytes(b"{")
    assert _refused(store, "Json", "@data.json").startswith("expected Json as JSON, got str '@data.json' (")


def test_a_path_becomes_a_file_in_the_store(store: LocalStore, here: Path) -> None:
    (here / "notes.md").write_bytes(b"# Hello\n")
    (here / "run.sh").write_bytes(b"true\n")
    (here / "run.sh").chmod(0o755)
    assert _bound(store, "File[text/*]", "notes.md") == _file("notes.md", b"# Hello\n")
    assert _bound(store, "File", str(here / "run.sh")) == _file("run.sh", b"true\n", executable=True)
    with store.open(_file("notes.md", b"# Hello\n")) as stream:
        assert stream.read() == b"# Hello\n"


def test_a_symlink_is_the_file_that_it_leads_to(store: LocalStore, here: Path) -> None:
    (here / "data").write_bytes(b"a,b\n")
    (here / "table.csv").symlink_to("data")
    assert _bound(store, "File[text/csv]", "table.csv") == _file("table.csv", b"a,b\n")
    (here / "gone").symlink_to("nowhere")
    assert _refused(store, "File", "gone") == "there is no file or folder gone"


def test_a_path_becomes_a_folder_in_the_store(store: LocalStore, here: Path) -> None:
    (here / "site").mkdir()
    (here / "site" / "a.txt").write_bytes(b"a")
    bound = _bound(store, "Directory", "site")
    assert isinstance(bound, Directory)
    assert [path for path, _ in store.get_tree(bound).entries] == ["a.txt"]


def test_a_path_that_is_something_else_is_refused(store: LocalStore, here: Path) -> None:
    (here / "folder").mkdir()
    (here / "file.txt").write_text("x")
    os.mkfifo(here / "pipe")
    assert _refused(store, "File", "nowhere") == "there is no file or folder nowhere"
    assert [_refused(store, kind, "") for kind in ("File", "Directory")] == ["a path can't be empty"] * 2
    assert _refused(store, "File", "folder") == (
        "folder is a folder; expected a file (name a file inside it)"
    )
    assert _refused(store, "Directory", "file.txt") == (
        "file.txt is a file; expected a folder (its folder is .)"
    )
    assert _refused(store, "File", "file.txt/x") == "can't look at file.txt/x: Not a directory"
    assert _refused(store, "File", "x" * 300) == f"can't look at {'x' * 300}: File name too long"
    assert _refused(store, "File[text/*]", "pipe").startswith(f"'{here}/pipe' is a named pipe")


@pytest.mark.parametrize(
    ("name", "content", "kind", "message"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n\0", "audio/*", "a.png is image/png; expected audio/*"),
        (
            "a.wav",
            b"\x89PNG\r\n\x1a\n\0",
            "audio/*",
            "a.wav: its name says audio/wav, but its content is image/png",
        ),
        ("a.wav", b"hello", "audio/*", "a.wav: its name says audio/wav, but its content is text"),
        (
            "a.txt",
            b"a\0b",
            "text/*",
            "a.txt: its name says text/plain, but it holds NUL bytes, so it isn't text",
        ),
        ("a.md", b"hello", "text/csv", "a.md is text/markdown; expected text/csv"),
        ("README", b"hello", "text/csv", "README is text/plain; expected text/csv"),
        ("data", b"\x80\x81\x82\x83\x84", "text/*", "data is application/octet-stream; expected text/*"),
    ],
)
def test_a_file_of_another_media_type_is_refused(
    store: LocalStore, here: Path, name: str, content: bytes, kind: str, message: str
) -> None:
    (here / name).write_bytes(content)
    assert _refused(store, f"File[{kind}]", name) == message


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.WAV", b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        ("sound", b"RIFF\0\0\0\0WAVEfmt ", "audio/*"),
        ("README", b"hello", "text/*"),
        ("data.unknown", b"hello", "text/plain"),
        ("empty.csv", b"", "text/csv"),
    ],
)
def test_a_file_gets_its_media_type_from_its_name_or_else_its_content(
    store: LocalStore, here: Path, name: str, content: bytes, kind: str
) -> None:
    (here / name).write_bytes(content)
    assert _bound(store, f"File[{kind}]", name) == _file(name, content)


def test_any_file_goes_where_no_media_type_is_wanted(store: LocalStore, here: Path) -> None:
    (here / "a.wav").write_bytes(b"no sound")
    assert _bound(store, "File", "a.wav") == _file("a.wav", b"no sound")


def test_a_pattern_gives_the_files_that_match_in_order(store: LocalStore, here: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md", "[d].txt"):
        (here / name).write_text(name)
    (here / "folder.txt").mkdir()
    (here / "deep").mkdir()
    (here / "deep" / "e.txt").write_text("e")
    names = [
        _names(_bound(store, "list[File]", *texts))
        for texts in (["?.txt", "c.md"], ["**/*.txt"], ["[d].txt"])
    ]
    assert names == [
        ["a.txt", "b.txt", "c.md"],
        ["[d].txt", "a.txt", "b.txt", "e.txt"],
        ["[d].txt"],
    ]
    assert _refused(store, "list[File]", "*.wav") == "no file matches *.wav"
    assert _refused(store, "list[File]", "folder*") == "no file matches folder*"
    assert _refused(store, "list[File]", "x" * 5000 + "*") == f"no file matches {'x' * 5000}*"
    assert _refused(store, "File", "?.txt") == "there is no file or folder ?.txt"


def _names(value: Value) -> list[str]:
    assert isinstance(value, tuple)
    return [item.name for item in value if isinstance(item, File)]


def test_every_value_that_does_not_fit_is_named_at_once(store: LocalStore) -> None:
    wanted = {name: Wanted(parse_type(kind)) for name, kind in {"n": "int", "f": "File", "s": "str"}.items()}
    with pytest.raises(InputError) as caught:
        bind_inputs(wanted, [("n", "x"), ("f", "nowhere"), ("s", "ok")], store, flag=FLAG)
    assert caught.value.message == ("n: expected int, got str 'x'\nf: there is no file or folder nowhere")


def test_every_name_that_is_missing_or_unknown_is_named_at_once(store: LocalStore) -> None:
    wanted = {
        "recording": Wanted(parse_type("File[audio/*]")),
        "question": Wanted(parse_type("str")),
        "language": Wanted(parse_type("str"), required=False, default="en"),
    }
    given = [("recordin", "a"), ("qqq", "b"), ("qqq", "c")]
    with pytest.raises(UsageError) as caught:
        bind_inputs(wanted, given, store, flag=FLAG)
    assert caught.value.message.splitlines() == [
        "there is no 'recordin'; did you mean recording?",
        "there is no 'qqq' (there is recording, question, language)",
        "recording is missing: give --input recording=… (File[audio/*])",
        "question is missing: give --input question=… (str)",
    ]


def test_nothing_can_be_given_where_nothing_is_wanted(store: LocalStore) -> None:
    with pytest.raises(UsageError, match=r"^there is no 'x' \(there is nothing to give\)$"):
        bind_inputs({}, [("x", "1")], store, flag=FLAG)


def test_what_is_not_given_has_its_default(store: LocalStore) -> None:
    wanted = {
        "a": Wanted(parse_type("str"), required=False, default="x"),
        "b": Wanted(parse_type("str | None"), required=False),
    }
    assert bind_inputs(wanted, [], store, flag=FLAG) == {"a": "x", "b": None}
