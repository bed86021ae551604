"""A person at the streams of a step's container."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import Final, Self

from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.docker.daemon import Daemon
from shunter.engine.executors.docker.streams import pump
from shunter.engine.executors.streams import Connection, Way

# The command has the container's own streams here. What ends it with the engine is started beside it. A key
# that makes a signal is the command's alone: the shell in front of it would end, and with it all.
_SCRIPT: Final = """\
unset HOSTNAME
trap : INT QUIT
{wait}{size}command -v -- "$1" >/dev/null || {{ echo "the container has no such command: $1" >&2; exit 127; }}
(exec "$@"{stdin})
"""

_GUARD: Final = ("/bin/sh", "-c", "read -r _; kill -KILL -1")
"""Started beside the command, with a stdin that the engine holds: kills all others when that ends."""

_CHUNK: Final = 1 << 16
_FOR_EVER: Final = 20.0 * 86400
"""Seconds: as many milliseconds as the system counts at once."""


class Visit:
    """Copies between a container and a person's streams; `kill` is called where nobody reads any more."""

    def __init__(self, way: Way, connection: Connection, kill: Callable[[], None]) -> None:
        self.way = way
        self._kill = kill
        self._ends = [os.dup(descriptor) for descriptor in connection.theirs]
        if way is Way.TERMINAL:
            tty.setraw(self._ends[0])  # the container's own terminal makes lines and signals of keys
        self._resize: Callable[[], None] = lambda: None
        self._deserted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self._ends:
            os.close(descriptor)

    def argv(self, command: tuple[str, ...], *, stdin: str | None, wait: str = "") -> tuple[str, ...]:
        """What starts `command` with the file `stdin`, of None with what the person gives.

        `wait` is a line of shell that ends when it may start.
        """
        size = ""
        if self.way is Way.TERMINAL:
            window = self._size()
            size = f"stty rows {window.lines} cols {window.columns} 2>/dev/null\n"
        given = "" if stdin is None else f" <{stdin}"
        return ("/bin/sh", "-c", _SCRIPT.format(wait=wait, size=size, stdin=given), "sh", *command)

    def config(self, config: Mapping[str, object]) -> Mapping[str, object]:
        """`config` for a container that a person is at."""
        return {**config, "Tty": self.way is Way.TERMINAL}

    def resized(self) -> None:
        """The person's window has another size."""
        self._resize()

    def watch(self, daemon: Daemon, container: str, connection: socket.socket) -> None:
        """Copy until the container has ended."""
        with daemon.beside(container, _GUARD):
            if self.way is Way.TERMINAL:
                self._resize = lambda: daemon.resize(container, self._size())
            Thread(target=self._take_in, args=(connection.dup(),), daemon=True).start()
            if self.way is Way.TERMINAL:
                self._give_out(connection)
            else:
                pump(connection, self, allowance=Allowance(_FOR_EVER), expire=self._kill)
            self._resize = lambda: None

    def _size(self) -> os.terminal_size:
        return os.get_terminal_size(self._ends[0])

    @property
    def overflowed(self) -> bool:
        """A person takes whatever comes."""
        return False

    def write(self, kind: int, piece: bytes) -> None:
        """Give out a piece of stdout or stderr."""
        with suppress(OSError):
            while piece:
                piece = piece[os.write(self._ends[kind], piece) :]
            return
        if not self._deserted:
            self._deserted = True  # the daemon kills no container whose words nobody takes
            Thread(target=self._kill, daemon=True).start()

    def _give_out(self, connection: socket.socket) -> None:
        connection.settimeout(_FOR_EVER)
        with suppress(OSError):
            while piece := connection.recv(_CHUNK):
                self.write(1, piece)

    def _take_in(self, connection: socket.socket) -> None:
        source = os.dup(self._ends[0])
        connection.settimeout(_FOR_EVER)  # as the other one, whose mode it shares
        with connection, suppress(OSError):
            while piece := os.read(source, _CHUNK):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        os.close(source)
