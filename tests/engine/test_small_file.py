"""Files that people write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shunter.engine.small_file import read_small_file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert read_small_file(tmp_path / "a", most=10) == b"x" * 10


@pytest.mark.parametrize("path", ["a", "/dev/zero"])
def test_one_that_is_too_large_is_an_error_that_says_so(tmp_path: Path, path: str) -> None:
    (tmp_path / "a").write_bytes(b"x" * 11)
    with pytest.raises(OSError, match="more than 10 bytes"):
        read_small_file(tmp_path / path, most=10)


def test_a_pipe_is_read_to_its_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"abc")
    os.close(writer)
    assert read_small_file(Path(f"/dev/fd/{reader}"), most=100) == b"abc"
    os.close(reader)


def test_a_pipe_that_nobody_writes_to_is_empty_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_small_file(tmp_path / "pipe", most=100) == b""


@pytest.mark.parametrize("path", ["no", "."])
def test_what_cannot_be_read_is_an_os_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(OSError, match="No such file|Is a directory"):
        read_small_file(tmp_path / path, most=100)
