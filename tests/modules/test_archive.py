"""archive: the same bytes for the same content, and nothing that lands outside."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.modules.conftest import Call, CallFailed

Write = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    write("project/a.txt", "a" * 1000)
    write("project/bin/run", "#!/bin/sh\n").chmod(0o755)
    (tmp_path / "project/empty").mkdir()
    (tmp_path / "project/bin/link").symlink_to("../a.txt")
    return tmp_path / "project"


@pytest.mark.parametrize("function", ["archive.zip_folder", "archive.tar_folder"])
def test_a_folder_comes_back_as_it_was(call: Call, folder: Path, function: str) -> None:
    back = call("archive.unpack", archive=call(function, folder=folder))
    assert sorted(path.relative_to(back).as_posix() for path in back.rglob("*")) == [
        "a.txt",
        "bin",
        "bin/link",
        "bin/run",
        "empty",
    ]
    assert (back / "a.txt").read_text() == "a" * 1000
    assert os.readlink(back / "bin/link") == "../a.txt"
    assert (back / "bin/run").stat().st_mode & 0o111
    assert not (back / "a.txt").stat().st_mode & 0o111


@pytest.mark.parametrize("function", ["archive.zip_folder", "archive.tar_folder"])
def test_packing_once_more_gives_the_same_bytes(
    call: Call, call_again: Call, folder: Path, function: str
) -> None:
    first = call(function, folder=folder).read_bytes()
    for path in (folder, folder / "a.txt"):
        os.utime(path, (1, 1))
    assert call_again(function, folder=folder).read_bytes() == first


def test_an_archive_is_listed(call: Call, folder: Path) -> None:
    found = call("archive.contents", archive=call("archive.zip_folder", folder=folder))
    assert found == [{"path": "a.txt", "bytes": 1000}, {"path": "bin/run", "bytes": 10}]


def _tar(path: Path, *members: tuple[str, dict[str, object], bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, fields, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    return path


LINK: dict[str, object] = {"type": tarfile.SYMTYPE}


@pytest.mark.parametrize(
    "members",
    [
        [("../x", {}, b"x")],
        [("/x", {}, b"x")],
        [("a/../../x", {}, b"x")],
        [("link", {**LINK, "linkname": "/etc/passwd"}, b"")],
        [("link", {**LINK, "linkname": "../x"}, b"")],
        [("a", {**LINK, "linkname": "."}, b""), ("b", {**LINK, "linkname": "a/.."}, b"")],
        [("b", {**LINK, "linkname": "a/.."}, b""), ("a", {**LINK, "linkname": "."}, b"")],
        [("a", {**LINK, "linkname": "."}, b""), ("a/b", {**LINK, "linkname": "x"}, b"")],
        [("pipe", {"type": tarfile.FIFOTYPE}, b"")],
        [("gone", {"type": tarfile.LNKTYPE, "linkname": "nothing"}, b"")],
        [("a", {}, b"x"), ("a/b", {}, b"x")],
    ],
)
def test_a_member_that_is_not_to_be_trusted_is_refused(
    call: Call, tmp_path: Path, members: list[tuple[str, dict[str, object], bytes]]
) -> None:
    with pytest.raises(CallFailed) as caught:
        call("archive.unpack", archive=_tar(tmp_path / "evil.tar", *members))
    assert "Traceback" not in str(caught.value)


def test_a_link_never_redirects_a_file(call: Call, tmp_path: Path) -> None:
    members = [("a", {**LINK, "linkname": "b"}, b""), ("a/x", {}, b"x")]
    with pytest.raises(CallFailed):
        call("archive.unpack", archive=_tar(tmp_path / "evil.tar", *members))


def test_a_bomb_is_stopped(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 3_000_000)
    with pytest.raises(CallFailed, match="larger than 2 MB; raise max_megabytes"):
        call("archive.unpack", archive=path, max_megabytes=2)
    assert (call("archive.unpack", archive=path, max_megabytes=3) / "zeros").stat().st_size == 3_000_000


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_a_damaged_archive_is_refused_in_a_sentence(
    call: Call, folder: Path, tmp_path: Path, suffix: str
) -> None:
    whole = call(
        "archive.zip_folder" if suffix == "zip" else "archive.tar_folder", folder=folder
    ).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(whole[: len(whole) // 2])
    for function in ("archive.unpack", "archive.contents"):
        with pytest.raises(CallFailed, match=rf"\Acut\.{suffix} can't be (read|unpacked)"):
            call(function, archive=path)


def test_what_is_no_archive_is_refused(call: Call, write: Write) -> None:
    with pytest.raises(CallFailed, match=r"^notes\.txt can't be read as an archive"):
        call("archive.unpack", archive=write("notes.txt", "hello"))
