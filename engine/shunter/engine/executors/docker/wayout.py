"""Docker's way out: the listener comes through a socket in a folder that is bound at /run/way.

That takes one connection, and is gone before the command runs. No descriptor comes from another machine: a
daemon there can give no way out.
"""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.local.way import Opener, Way, handing_over, received
from shunter.engine.executors.local.workspace import Bind

if TYPE_CHECKING:
    from shunter.engine.egress.proxy import EgressProxy

_FOLDER: Final = "/run/way"
_NAME: Final = "socket"
GATE: Final = "gate"
"""A pipe that a container waits at whose listener another one opens."""

WAIT: Final = f"read -r _ <{_FOLDER}/{GATE}\n"
"""A line of shell that does so."""
_WAY: Final = f"""\
way = socket.socket(socket.AF_UNIX)
way.connect("{_FOLDER}/{_NAME}")"""


def listening() -> tuple[str, ...]:
    """What stands in front of a command, to hand a listener to the engine."""
    return handing_over(_WAY, then="way.recv(1)")


class WayOut(Way):
    """One container's way out, by a socket below `folder`."""

    def __init__(self, proxy: EgressProxy, folder: Path, opener: Opener = Opener.CONTAINER) -> None:
        super().__init__(proxy)
        self.opener = opener
        self._outer = folder / "way"
        self._path = self._outer / "in" / _NAME
        self._door: socket.socket | None = None

    @property
    def folder(self) -> Path:
        """What is bound, on this machine."""
        return self._path.parent

    @property
    def bind(self) -> Bind:
        """What the container has to see."""
        return Bind(self._path.parent, _FOLDER)

    async def __aenter__(self) -> Self:
        self._door = self._open()
        return await super().__aenter__()

    def close(self) -> None:
        """Take no connection any more."""
        if self._door is not None:
            self._door.close()
            self._path.unlink(missing_ok=True)
            self._door = None

    def _open(self) -> socket.socket:
        """Listen where no other user of this machine can come, and the step's uid can."""
        self._outer.mkdir(0o700)
        self._path.parent.mkdir(0o755)
        self._path.parent.chmod(0o755)
        if self.opener is Opener.ENGINE:
            os.mkfifo(self.folder / GATE)
            (self.folder / GATE).chmod(0o644)
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

    async def _handed_over(self) -> socket.socket | None:
        assert self._door is not None
        way, _ = await asyncio.get_running_loop().sock_accept(self._door)
        with way:
            self.close()
            return await received(way)
