"""What a container prints, taken from the connection to it into files."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self

from shunter.engine.executors.allowance import Allowance

_HEADER: Final = struct.Struct(">BxxxI")
_STDOUT: Final = 1
_STDERR: Final = 2
_PIECE: Final = 1 << 16
_MOMENT: Final = 0.01
"""Seconds between looks at a clock that has all but run out, and may stand still."""


class Printed:
    """Two files that take what a container prints; nothing is kept in memory."""

    def __init__(self, stdout: Path, stderr: Path, *, most: int) -> None:
        """`most` is how many bytes each may hold; what is beyond is dropped."""
        self._files: dict[int, IO[bytes]] = {}
        self._paths = {_STDOUT: stdout, _STDERR: stderr}
        self._left = {_STDOUT: most, _STDERR: most}

    def __enter__(self) -> Self:
        self._files = {kind: path.open("xb", buffering=0) for kind, path in self._paths.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    @property
    def overflowed(self) -> bool:
        """Whether more was printed than a file may hold."""
        return any(left < 0 for left in self._left.values())

    def write(self, kind: int, piece: bytes) -> None:
        """Take a piece of stdout or stderr."""
        if kind in self._files:
            self._files[kind].write(piece[: max(0, self._left[kind])])
            self._left[kind] -= len(piece)


class Sink(Protocol):
    """Takes what a container prints."""

    @property
    def overflowed(self) -> bool:
        """Whether it has got more than it takes."""
        ...

    def write(self, kind: int, piece: bytes) -> None:
        """Take a piece of stdout (1) or stderr (2)."""
        ...


def pump(
    connection: socket.socket, printed: Sink, *, allowance: Allowance, expire: Callable[[], None]
) -> None:
    """Take all that comes until the container has ended; calls `expire` once, when `allowance` is used up."""
    kind, left, head = 0, 0, b""
    late = False
    while True:
        if not late and (printed.overflowed or allowance.left <= 0):
            late = True
            expire()
        connection.settimeout(None if late else max(_MOMENT, allowance.left))
        try:
            piece = connection.recv(_PIECE)
        except TimeoutError:
            continue
        except ConnectionError:
            return
        if not piece:
            return
        while piece:
            if left:
                printed.write(kind, piece[:left])
                taken = min(left, len(piece))
                left, piece = left - taken, piece[taken:]
            else:
                wanted = _HEADER.size - len(head)
                head, piece = head + piece[:wanted], piece[wanted:]
                if len(head) == _HEADER.size:
                    kind, left = _HEADER.unpack(head)
                    head = b""
