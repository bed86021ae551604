"""The way out of a container that has no network: a listener on its loopback that the engine serves.

As in the sandbox the container opens the listener and hands it over before the command starts. It is handed
through a socket in a folder that is bound at /run/way: that takes one connection, and is gone before the
command runs. No descriptor comes from another machine: a daemon there can give no way out.
"""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import Final, Self

from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.sandbox.background import settle
from shunter.engine.executors.sandbox.wayout import PORT, listener_of
from shunter.engine.executors.sandbox.workspace import Bind

_FOLDER: Final = "/run/way"
_NAME: Final = "socket"

# Python ignores some signals, which the command would inherit.
_SCRIPT: Final = f"""
import os, signal, socket, sys
listener = socket.create_server(("127.0.0.1", {PORT}), backlog=128)
with socket.socket(socket.AF_UNIX) as way:
    way.connect("{_FOLDER}/{_NAME}")
    socket.send_fds(way, [b"."], [listener.fileno()])
    way.recv(1)
listener.close()
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print("the container has no such command:", sys.argv[1], error.strerror, file=sys.stderr)
    sys.exit(127)
"""


def listening() -> tuple[str, ...]:
    """What stands in front of a command, to hand a listener to the engine."""
    return ("/usr/bin/python3", "-I", "-S", "-B", "-c", _SCRIPT)


class WayOut:
    """One container's way out, by a socket below `folder`. As a context it serves until the end."""

    def __init__(self, proxy: EgressProxy, folder: Path) -> None:
        self.proxy = proxy
        self._outer = folder / "way"
        self._path = self._outer / "in" / _NAME
        self._door: socket.socket | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def bind(self) -> Bind:
        """What the container has to see."""
        return Bind(self._path.parent, _FOLDER)

    async def __aenter__(self) -> Self:
        self._door = self._open()
        self._serving = asyncio.create_task(self._serve(self._door))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._serving is not None
        self._serving.cancel()
        cancelled = await settle(self._serving)
        self._close()
        if not self._serving.cancelled():
            self._serving.result()
        if cancelled is not None:
            raise cancelled

    def _open(self) -> socket.socket:
        """Listen where no other user of this machine can come, and the step's uid can."""
        self._outer.mkdir(0o700)
        self._path.parent.mkdir(0o755)
        self._path.parent.chmod(0o755)
        door = socket.socket(socket.AF_UNIX)
        door.setblocking(False)
        descriptor = os.open(self._path.parent, os.O_PATH)
        try:
            door.bind(f"/proc/self/fd/{descriptor}/{_NAME}")  # a socket's path may have 107 bytes
        finally:
            os.close(descriptor)
        if os.geteuid() == 0:
            os.chown(self._path, STEP, STEP)
        else:
            self._path.chmod(0o666)
        door.listen(1)
        return door

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()
            self._path.unlink(missing_ok=True)
            self._door = None

    async def _serve(self, door: socket.socket) -> None:
        listener = await self._handed_over(door)
        if listener is not None:
            await self.proxy.serve(listener)

    async def _handed_over(self, door: socket.socket) -> socket.socket | None:
        """The container's listener; None where the container hands over something else."""
        loop = asyncio.get_running_loop()
        way, _ = await loop.sock_accept(door)
        with way:
            self._close()
            await _readable(way)
            _, descriptors, _, _ = socket.recv_fds(way, 1, 1)
            return listener_of(descriptors[0]) if descriptors else None


async def _readable(way: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(way, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(way)
