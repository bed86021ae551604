"""files: find, pick, collect, rename, listing, checksum."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    for name in ("a.txt", "b.md", "src/c.txt", "src/deep/d.txt", "src/[x].txt"):
        write(f"project/{name}", name)
    return tmp_path / "project"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("**", ["a.txt", "b.md", "[x].txt", "c.txt", "d.txt"]),
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "[x].txt", "c.txt", "d.txt"]),
        ("src/**", ["[x].txt", "c.txt", "d.txt"]),
        ("src/?.txt", ["c.txt"]),
        ("[ab].*", ["a.txt", "b.md"]),
        ("[!a].*", ["b.md"]),
        ("*/[[]x].txt", ["[x].txt"]),
        ("*.pdf", []),
    ],
)
def test_files_are_found_by_pattern(call: Call, folder: Path, pattern: str, names: list[str]) -> None:
    assert [path.name for path in call("files.find", folder=folder, pattern=pattern)] == names


def test_one_file_is_picked(call: Call, folder: Path) -> None:
    found = call("files.pick", folder=folder, path="src/deep/d.txt")
    assert (found.name, found.read_text()) == ("d.txt", "src/deep/d.txt")


@pytest.mark.parametrize("path", ["../project/a.txt", "/etc/passwd", "src", "nothing"])
def test_only_files_of_the_folder_are_picked(call: Call, folder: Path, path: str) -> None:
    with pytest.raises(CallFailed, match="there is no file"):
        call("files.pick", folder=folder, path=path)


def test_files_are_collected_under_names_of_their_own(call: Call, write: Write) -> None:
    files = [write("1/a.txt", "1"), write("2/a.txt", "2"), write("3/a.txt", "3"), write("b.txt", "4")]
    files[0].chmod(0o755)
    found = call("files.collect", files=files, name="all")
    assert {path.name: path.read_text() for path in found.iterdir()} == {
        "a.txt": "1",
        "a-2.txt": "2",
        "a-3.txt": "3",
        "b.txt": "4",
    }
    assert (found / "a.txt").stat().st_mode & 0o100


def test_a_file_is_renamed(call: Call, write: Write) -> None:
    found = call("files.rename", file=write("talk.txt", "x"), name="{stem}-2{suffix}")
    assert (found.name, found.read_text()) == ("talk-2.txt", "x")


def test_a_name_with_a_slash_is_refused(call: Call, write: Write) -> None:
    with pytest.raises(CallFailed, match=r"^'a/b' can't be a file's name"):
        call("files.rename", file=write("talk.txt", "x"), name="a/b")


def test_a_folder_is_listed(call: Call, folder: Path) -> None:
    found = call("files.listing", folder=folder)
    assert found.read_text().splitlines()[:3] == ["path,bytes", "a.txt,5", "b.md,4"]
    assert "src/deep/d.txt,14" in found.read_text()


def test_names_that_are_no_utf_8_are_listed_too(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"\xff.txt", "ü.txt".encode(), b"two\nlines"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")
    assert call("files.listing", folder=folder).read_text() == (
        'path,bytes\n"two\nlines",1\nü.txt,1\n\\xff.txt,1\n'
    )


def test_checksums_are_the_usual_ones(call: Call, write: Write) -> None:
    file = write("a.txt", "hello")
    assert call("files.checksum", file=file) == hashlib.sha256(b"hello").hexdigest()
    assert call("files.checksum", file=file, algorithm="md5") == "5d41402abc4b2a76b9719d911017c592"
