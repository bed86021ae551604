"""The way out of a container that has no network: a listener on its loopback that the engine serves.

Before the command starts, a few lines in the container open the listener and hand it to the engine, through a
socket that the container inherits and the command doesn't. So nothing forwards: the engine itself takes the
connections, and no process, file or socket of the way is in reach of the step.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final, Self

from shunter.engine.egress.host import parse_host
from shunter.engine.egress.proxy import EgressProxy
from shunter.engine.executors.sandbox.background import settle

PORT: Final = 3128

# Python ignores some signals, which the command would inherit.
_SCRIPT: Final = f"""
import os, signal, socket, sys
way = socket.socket(fileno=int(sys.argv[1]))
listener = socket.create_server(("127.0.0.1", {PORT}), backlog=128)
socket.send_fds(way, [b"."], [listener.fileno()])
listener.close()
way.close()
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    print("the container has no such command:", sys.argv[2], error.strerror, file=sys.stderr)
    sys.exit(127)
"""

_LOCAL: Final = "localhost,127.0.0.1,::1"


def listening(descriptor: int) -> tuple[str, ...]:
    """What stands in front of a command, to hand a listener to the engine through `descriptor`."""
    return ("/usr/bin/python3", "-I", "-S", "-B", "-c", _SCRIPT, str(descriptor))


def proxy_variables(hosts: Iterable[str]) -> Mapping[str, str]:
    """How programs are told of the proxy. A step's own servers are left out, unless the host's are meant."""
    address = f"http://127.0.0.1:{PORT}"
    names = [f"{scheme}_proxy" for scheme in ("http", "https", "all")]
    variables = {spelled: address for name in names for spelled in (name, name.upper())}
    variables["NODE_USE_ENV_PROXY"] = "1"  # Node follows the others only where this is set
    if any(parse_host(host).is_local for host in hosts):
        return variables
    return {**variables, "no_proxy": _LOCAL, "NO_PROXY": _LOCAL}


class Opener(Enum):
    """Who opens the listener: the container, or the engine, where an image has nothing to do it with."""

    CONTAINER = "container"
    ENGINE = "engine"


class WayOut:
    """One container's way out. As a context it serves from the container's start to its end."""

    def __init__(self, proxy: EgressProxy, opener: Opener = Opener.CONTAINER) -> None:
        self.proxy = proxy
        self._opener = opener
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._serving: asyncio.Task[None] | None = None

    @property
    def descriptor(self) -> int:
        """What the listener is handed over through."""
        return self._theirs.fileno()

    @property
    def inside(self) -> int | None:
        """What the container inherits; None where the engine opens the listener."""
        return self.descriptor if self._opener is Opener.CONTAINER else None

    @property
    def door(self) -> int | None:
        """What `open_door` takes; None where the container opens the listener."""
        return self.descriptor if self._opener is Opener.ENGINE else None

    async def __aenter__(self) -> Self:
        if self._opener is Opener.CONTAINER:
            self._theirs.close()  # it is told, then, that the container has ended
        self._serving = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._serving is not None
        self._serving.cancel()
        cancelled = await settle(self._serving)
        if not self._serving.cancelled():
            self._serving.result()
        if cancelled is not None:
            raise cancelled

    def close(self) -> None:
        """Let go of the sockets."""
        self._ours.close()
        self._theirs.close()

    async def _serve(self) -> None:
        listener = await self._handed_over()
        if listener is not None:
            await self.proxy.serve(listener)

    async def _handed_over(self) -> socket.socket | None:
        """The container's listener; None where it ended before."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._ours, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._ours)
        _, descriptors, _, _ = socket.recv_fds(self._ours, 1, 1)
        return listener_of(descriptors[0]) if descriptors else None


def listener_of(descriptor: int) -> socket.socket | None:
    """The socket behind a descriptor that comes from a container, if it is one that takes connections."""
    try:
        handed = socket.socket(fileno=descriptor)
    except OSError:
        os.close(descriptor)
        return None
    if handed.type == socket.SOCK_STREAM and handed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return handed
    handed.close()
    return None
