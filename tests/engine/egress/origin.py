"""A server that remembers what it was sent, and a proxy in front of it, for as long as a test needs them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from shunter.engine.egress.proxy import EgressProxy, ProxyLimits
from shunter.engine.egress.resolver import FixedResolver
from shunter.engine.egress.route import Route

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@dataclass
class Origin:
    """`received` has what each connection sent, `port` is where it listens."""

    port: int
    received: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        """A name and port that lead to it."""
        return f"a.localhost:{self.port}"


@asynccontextmanager
async def origin(answer: bytes = ANSWER, *, keeps_open: bool = False) -> AsyncIterator[Origin]:
    """A server that sends `answer` after the first bytes of each connection, and reads on until its end."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(made.received)
        made.received.append(b"")
        writers.append(writer)
        with suppress(OSError):
            while piece := await reader.read(1 << 16):
                if not made.received[number]:
                    writer.write(answer)
                    if not keeps_open:
                        writer.write_eof()
                made.received[number] += piece
        writer.close()

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made = Origin(server.sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


@dataclass
class Proxied:
    """A proxy that serves, and how to talk to it."""

    proxy: EgressProxy
    port: int

    async def send(self, *parts: bytes) -> bytes:
        """All that is answered to `parts` sent one by one on one connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for part in parts:
            writer.write(part)
            await writer.drain()
        try:
            return await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()

    async def get(self, url: str, *, host: str | None = None) -> bytes:
        """The answer to a plain GET."""
        named = host or url.partition("://")[2].partition("/")[0]
        return await self.send(f"GET {url} HTTP/1.1\r\nHost: {named}\r\n\r\n".encode())

    @property
    def asked(self) -> list[str]:
        """What was asked for, in short."""
        return [f"{one.host} {one.verdict.value} {one.count}" for one in self.proxy.asked]


@asynccontextmanager
async def proxied(
    *hosts: str,
    names: Mapping[str, list[str]] | None = None,
    variables: Mapping[str, str] | None = None,
    limits: ProxyLimits | None = None,
) -> AsyncIterator[Proxied]:
    """A proxy for a step that declares `hosts`."""
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = EgressProxy(hosts, Route(FixedResolver(names or {}), variables=variables or {}), limits=limits)
    task = asyncio.create_task(proxy.serve(listener))
    try:
        yield Proxied(proxy, listener.getsockname()[1])
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
