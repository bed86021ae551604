"""The way out of a container that has no network: a listener on its loopback that the engine serves.

Before the command starts, a few lines in the container open the listener and hand it to the engine. So
nothing forwards: the engine itself takes the connections, and no process, file or socket of the way is in
reach of the step.
"""

from __future__ import annotations

import asyncio
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final, Self

from shunter.engine.egress.host import parse_host
from shunter.engine.executors.local.background import settle

if TYPE_CHECKING:
    from shunter.engine.egress.proxy import EgressProxy

PORT: Final = 3128

# Python ignores some signals, which the command would inherit.
_SCRIPT: Final = """
import os, signal, socket, sys
{way}
listener = socket.create_server(("127.0.0.1", {port}), backlog=128)
socket.send_fds(way, [b"."], [listener.fileno()])
{then}
listener.close()
way.close()
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print("the container has no such command:", sys.argv[1], error.strerror, file=sys.stderr)
    sys.exit(127)
"""

_LOCAL: Final = "localhost,127.0.0.1,::1"


def handing_over(way: str, then: str = "") -> tuple[str, ...]:
    """What stands in front of a command, to hand a listener to the engine.

    `way` are lines of Python that make the socket `way`, `then` what is done once the listener has gone.
    """
    script = _SCRIPT.format(way=way, then=then, port=PORT)
    return ("/usr/bin/python3", "-I", "-S", "-B", "-c", script)


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


class Way(ABC):
    """One container's way out. As a context it serves from the container's start to its end."""

    def __init__(self, proxy: EgressProxy) -> None:
        self.proxy = proxy
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._serving = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._serving is not None
        self._serving.cancel()
        cancelled = await settle(self._serving)
        self.close()
        if not self._serving.cancelled():
            self._serving.result()
        if cancelled is not None:
            raise cancelled

    @abstractmethod
    def close(self) -> None:
        """Let go of what the listener is handed over through."""

    @abstractmethod
    async def _handed_over(self) -> socket.socket | None:
        """The container's listener; None where it hands over something else, or has ended before."""

    async def _serve(self) -> None:
        listener = await self._handed_over()
        if listener is not None:
            await self.proxy.serve(listener)


async def received(way: socket.socket) -> socket.socket | None:
    """The listener that comes through `way`, which doesn't block; None where it comes to nothing."""
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(way, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(way)
    _, descriptors, _, _ = socket.recv_fds(way, 1, 1)
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
