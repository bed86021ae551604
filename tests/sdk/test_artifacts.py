"""Files, folders and outputs as a function's author uses them, here without a container."""

from __future__ import annotations

from pathlib import Path

import pytest

from shunter.sdk import Directory, Failure, File, output


@pytest.fixture(autouse=True)
def _outputs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUNTER_OUT", str(tmp_path_factory.mktemp("out")))


def test_text_keeps_its_line_ends_and_loses_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\r")
    assert File(path).read_text() == "a\r\nb\r"
    assert File.write_text("a.txt", "a\r\nb\r").read_bytes() == b"a\r\nb\r"


def test_half_a_character_is_no_text_for_a_file() -> None:
    with pytest.raises(Failure, match=r"^a\.txt can't hold the text in UTF-8: .*'\\udcff' at position 2$"):
        File.write_text("a.txt", "ab\udcff")


def test_a_file_that_is_no_text_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"ab\xff")
    with pytest.raises(Failure, match=r"^a\.txt is not text in UTF-8: byte 0xff at position 2$"):
        File(path).read_text()


def test_a_file_goes_wherever_python_takes_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x")
    with open(File(path), "rb") as stream, File(path).open() as own:
        assert (stream.read(), own.read(), File(path).path) == (b"x", b"x", path)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\0b", "x" * 256])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Failure, match="can't be a file's name"):
        output(name)


def test_outputs_work_in_an_authors_own_tests() -> None:
    first, second = output("a.txt"), output("a.txt")
    first.write_text("1")
    assert not second.exists()
    assert second.parent.is_dir()


def test_a_folder_lists_its_files_by_path_and_follows_no_link_to_a_folder(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "c").symlink_to(tmp_path / "a")
    folder = Directory(tmp_path)
    assert [folder.relative(file) for file in folder.files()] == ["a/z.txt", "a.txt", "b.txt"]


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "missing", "link"])
def test_a_folder_gives_no_file_from_outside(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to(tmp_path / "secret")
    with pytest.raises(Failure, match="there is no file"):
        Directory(tmp_path / "folder").file(path)


def test_a_new_folder_is_empty_and_its_own() -> None:
    first, second = Directory.create("site"), Directory.create("site")
    (first.path / "a").touch()
    assert (first.name, second.files()) == ("site", [])
