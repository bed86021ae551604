"""What a container prints comes as frames, in whatever pieces."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

import pytest

from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.docker.streams import Printed, pump


def _frame(kind: int, content: bytes) -> bytes:
    return struct.pack(">BxxxI", kind, len(content)) + content


def _pump(
    tmp_path: Path, sent: list[bytes], *, most: int = 1000, seconds: float = 60
) -> tuple[bytes, bytes, int]:
    """Stdout, stderr, and how often the deadline was told of; an expired container ends."""
    ours, theirs = socket.socketpair()
    expired = []

    def expire() -> None:
        expired.append(1)
        ours.close()

    with theirs, ours, Printed(tmp_path / "stdout", tmp_path / "stderr", most=most) as printed:
        for piece in sent:
            ours.sendall(piece)
        if seconds == 60:
            ours.shutdown(socket.SHUT_WR)
        pump(theirs, printed, allowance=Allowance(seconds), expire=expire)
    return (tmp_path / "stdout").read_bytes(), (tmp_path / "stderr").read_bytes(), len(expired)


@pytest.mark.parametrize("size", [1, 3, 8, 9, 1000])
def test_frames_are_told_apart_wherever_they_are_cut(tmp_path: Path, size: int) -> None:
    whole = _frame(1, b"one\n") + _frame(2, b"complaint\n") + _frame(1, b"") + _frame(1, b"two\n")
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert _pump(tmp_path, pieces) == (b"one\ntwo\n", b"complaint\n", 0)


def test_the_deadline_ends_a_container_that_is_silent(tmp_path: Path) -> None:
    assert _pump(tmp_path, [_frame(1, b"begun\n")], seconds=0.05) == (b"begun\n", b"", 1)


def test_a_container_that_prints_more_than_a_file_may_hold_is_ended(tmp_path: Path) -> None:
    stdout, _, expired = _pump(tmp_path, [_frame(1, b"x" * 90), _frame(1, b"y" * 90)], most=100)
    assert (stdout, expired) == (b"x" * 90 + b"y" * 10, 1)
