"""A session's folder as an executor makes it: socket, token and shelf, served while the container runs."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Final, Self

from shunter.engine.executors.local.background import settle
from shunter.engine.sessions.protocol import SHELF, SOCKET, TOKEN, Room, StepSession
from shunter.engine.values import Artifact


class Lock(Enum):
    """Who may use socket and token: their owner, or whoever comes into the folder, which is closed."""

    OWNER = "owner"
    FOLDER = "folder"


_MODES: Final = {Lock.OWNER: (0o600, 0o400), Lock.FOLDER: (0o666, 0o444)}
_BACKLOG: Final = 128


class Door:
    """The way from a container to its session, by the new folder `folder`.

    As a context it is open from before the container's start to after its end. `owner` is the uid and gid of
    this machine that the container's processes have, of None the engine's own.
    """

    def __init__(
        self,
        session: StepSession,
        folder: Path,
        *,
        owner: int | None,
        borrow: Callable[[str], Artifact | None],
        lock: Lock = Lock.OWNER,
    ) -> None:
        self._session = session
        self.folder = folder
        self._owner = owner
        self._lock = lock
        self._borrow = borrow
        self._serving: asyncio.Task[None] | None = None
        self._listener: socket.socket | None = None

    async def __aenter__(self) -> Self:
        self._listener = listener = self._open()
        room = Room(self.folder / SHELF, self._borrow)
        self._serving = asyncio.create_task(self._session.serve(listener, room))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._serving is not None
        self._serving.cancel()
        cancelled = await settle(self._serving)
        if self._listener is not None:
            self._listener.close()  # by hand, should the task have been cancelled before it began
        (self.folder / SOCKET).unlink(missing_ok=True)
        if not self._serving.cancelled():
            self._serving.result()
        if cancelled is not None:
            raise cancelled

    def _open(self) -> socket.socket:
        for folder in (self.folder, self.folder / SHELF):
            folder.mkdir()
            folder.chmod(0o755)
        (self.folder / TOKEN).write_text(self._session.token, encoding="ascii")
        listener = _listen(self.folder)
        for name, mode in zip((SOCKET, TOKEN), _MODES[self._lock], strict=True):
            path = self.folder / name
            if self._owner is not None:
                os.chown(path, self._owner, self._owner)
            path.chmod(mode)
        return listener


def _listen(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.setblocking(False)
    descriptor = os.open(folder, os.O_PATH)
    try:
        listener.bind(f"/proc/self/fd/{descriptor}/{SOCKET}")  # a socket's path may have 107 bytes
    except BaseException:
        listener.close()
        raise
    finally:
        os.close(descriptor)
    listener.listen(_BACKLOG)
    return listener
