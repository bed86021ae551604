"""What a daemon sends of /out is unpacked without trusting any of it."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from shunter.engine.executors.docker.unpacking import unpack
from shunter.engine.store.errors import UnsafeOutput

LATIN = os.fsdecode(b"latin-\xe9")
TOP = ("out", tarfile.DIRTYPE, "")


def _tar(*members: tuple[str, bytes, str]) -> list[bytes]:
    """A tar in small pieces; a member is a name, a type, and a link's target or a file's content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", encoding="utf-8", errors="surrogateescape") as tar:
        for name, kind, text in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            content = text.encode() if kind == tarfile.REGTYPE else b""
            info.size, info.linkname = len(content), "" if content else text
            tar.addfile(info, io.BytesIO(content))
    whole = made.getvalue()
    return [whole[start : start + 700] for start in range(0, len(whole), 700)]


def _unpack(
    folder: Path, members: Sequence[tuple[str, bytes, str]], *, largest: int = 1000
) -> frozenset[str]:
    return unpack(_tar(TOP, *members), folder / "fetched", largest=largest)


def test_files_folders_and_links_are_laid_out_below_the_folder(tmp_path: Path) -> None:
    paths = _unpack(
        tmp_path,
        [
            ("out/sub", tarfile.DIRTYPE, ""),
            ("out/sub/a", tarfile.REGTYPE, "content"),
            ("out/twin", tarfile.LNKTYPE, "out/sub/a"),
            ("out/link", tarfile.SYMTYPE, "sub/a"),
            ("out/" + LATIN, tarfile.REGTYPE, "named"),
        ],
    )
    top = tmp_path / "fetched"
    assert paths == {"sub", "sub/a", "twin", "link", LATIN}
    assert (top / "twin").read_text() == (top / "link").read_text() == "content"
    assert os.readlink(top / "link") == "sub/a"


@pytest.mark.parametrize(
    "members",
    [
        [("etc/passwd", tarfile.REGTYPE, "x")],
        [("/etc/passwd", tarfile.REGTYPE, "x")],
        [("out/../../escape", tarfile.REGTYPE, "x")],
        [("out/./a", tarfile.REGTYPE, "x")],
        [("out/a", tarfile.REGTYPE, "x"), ("out/a", tarfile.REGTYPE, "y")],
        [("out/link", tarfile.SYMTYPE, "/tmp"), ("out/link/a", tarfile.REGTYPE, "x")],
        [("out/a", tarfile.REGTYPE, "x"), ("out/a/b", tarfile.REGTYPE, "x")],
        [("out/a", tarfile.LNKTYPE, "/etc/passwd")],
        [("out/a", tarfile.LNKTYPE, "out/../../../etc/passwd")],
        [("out/a", tarfile.LNKTYPE, "out/later"), ("out/later", tarfile.REGTYPE, "x")],
        [("out/missing/a", tarfile.REGTYPE, "x")],
        [("out/fifo", tarfile.FIFOTYPE, "")],
        [("out/device", tarfile.CHRTYPE, "")],
        [("out/big", tarfile.REGTYPE, "x" * 1001)],
        [("out/" + "d/" * 2500 + "d", tarfile.DIRTYPE, "")],
    ],
)
def test_a_member_that_no_step_may_leave_is_refused(
    tmp_path: Path, members: list[tuple[str, bytes, str]]
) -> None:
    with pytest.raises(UnsafeOutput):
        _unpack(tmp_path, members)
    assert sorted(os.listdir(tmp_path)) == ["fetched"]
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize("top", [("out", tarfile.SYMTYPE, "/etc"), ("out", tarfile.REGTYPE, "file")])
def test_out_itself_has_to_be_a_folder(tmp_path: Path, top: tuple[str, bytes, str]) -> None:
    with pytest.raises(UnsafeOutput, match="replaced by something that isn't a folder"):
        unpack(_tar(top), tmp_path / "fetched", largest=1000)
    assert os.listdir(tmp_path) == []


def test_an_archive_that_breaks_off_is_refused(tmp_path: Path) -> None:
    pieces = _tar(TOP, ("out/a", tarfile.REGTYPE, "x" * 900))[:2]
    with pytest.raises(UnsafeOutput, match="broken archive"):
        unpack(pieces, tmp_path / "fetched", largest=1000)


def test_a_long_run_of_zeros_takes_no_disk(tmp_path: Path) -> None:
    size = 64 << 20
    _unpack(tmp_path, [("out/zeros", tarfile.REGTYPE, "\0" * size)], largest=size)
    found = (tmp_path / "fetched" / "zeros").stat()
    assert (found.st_size, found.st_blocks) == (size, 0)
