"""The proxy of one step: it connects to the hosts that the step declares, and to nothing else.

It takes `CONNECT host:port` and `METHOD http://host/…`, one request for each connection, so that no second
one can hide behind the first. It decides on the name, before anything is resolved.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from shunter.engine.egress.exchange import Client, exchange, tunnel
from shunter.engine.egress.host import covers, parse_host
from shunter.engine.egress.record import Asked, Record, Verdict
from shunter.engine.egress.request import Malformed, Request, read_request
from shunter.engine.egress.resolver import NoSuchName
from shunter.engine.egress.route import HEAD_BYTES, Forbidden, Route, Stream, Unreachable


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """What one step may use of its proxy; `idle` and `head` are seconds, `size` is bytes of both ways."""

    connections: int = 64
    head: float = 30.0
    idle: float = 300.0
    size: int = 64 << 30


class _Cut(Exception):
    """A limit was reached."""


class EgressProxy:
    """Serves one step, whose hosts are `hosts`; `route` is the engine's own way out."""

    def __init__(self, hosts: Collection[str], route: Route, *, limits: ProxyLimits | None = None) -> None:
        self._hosts = tuple(parse_host(host) for host in hosts)
        self._route = route
        self._limits = limits or ProxyLimits()
        self._left = self._limits.size
        self._record = Record()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What was asked for so far."""
        return self._record.asked

    async def serve(self, listener: socket.socket) -> None:
        """Take connections from `listener`, which is closed at the end, until cancelled."""
        server = await asyncio.start_server(self._accept, sock=listener, limit=HEAD_BYTES)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def count(self, size: int) -> None:
        """Take `size` bytes off what the step may still send and receive."""
        self._left -= size
        if self._left < 0:
            raise _Cut(f"more than {self._limits.size} bytes went through")

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= self._limits.connections:
            writer.write(_answer(503, "too many connections at once"))
            writer.close()
            return
        task = asyncio.create_task(self._serve(Client(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, client: Client) -> None:
        try:
            request = await self._request(client)
            stream = None if request is None else await self._open(request, client)
            if request is not None and stream is not None:
                await self._pass_on(request, client, stream)
        except BaseException:
            client.reset()
            raise
        finally:
            client.writer.close()

    async def _request(self, client: Client) -> Request | None:
        """The request, where there is one that a proxy takes."""
        try:
            async with asyncio.timeout(self._limits.head):
                return read_request(await client.reader.readuntil(b"\r\n\r\n"))
        except Malformed as error:
            own = not error.host or any(covers(str(host), error.host) for host in self._hosts)
            self._record.note(error.host, Verdict.MALFORMED if own else Verdict.REFUSED, str(error))
            await _say(client, 400, str(error))
        except asyncio.LimitOverrunError:
            self._record.note("", Verdict.MALFORMED, f"a head of more than {HEAD_BYTES} bytes")
            await _say(client, 431, "the head is too long")
        except (asyncio.IncompleteReadError, TimeoutError, OSError):
            pass  # it went away, or has nothing to say
        return None

    async def _open(self, request: Request, client: Client) -> Stream | None:
        """A connection to the host, where the step may have one and it can be had."""
        host = request.host
        if not any(own.covers(host) for own in self._hosts):
            self._record.note(str(host), Verdict.REFUSED, "it isn't declared")
            await _say(client, 403, f"this step may not reach {host}")
            return None
        try:
            stream = await self._route.open(host, tunnel=request.path is None)
        except Forbidden as error:
            self._record.note(str(host), Verdict.REFUSED, str(error))
            await _say(client, 403, f"this step may not reach {host}: {error}")
        except NoSuchName:
            self._record.note(str(host), Verdict.UNKNOWN, "there is no such name")
            await _say(client, 502, f"there is no host {host.name}")
        except Unreachable as error:
            self._record.note(str(host), Verdict.UNREACHABLE, str(error))
            await _say(client, 502, f"{host} can't be reached: {error}")
        else:
            self._record.note(str(host), Verdict.REACHED)
            return stream
        return None

    async def _pass_on(self, request: Request, client: Client, stream: Stream) -> None:
        meter = _Activity(self, self._limits.idle)
        try:
            async with meter.timeout:
                if request.path is None:
                    await tunnel(client, stream, meter)
                else:
                    await exchange(request, client, stream, meter)
            stream.writer.close()
            return
        except Malformed as error:
            self._record.note(str(request.host), Verdict.MALFORMED, str(error))
            await _say(client, 502, str(error))
            return
        except TimeoutError:
            reason = f"nothing was sent for {self._limits.idle:g} seconds"
            self._record.note(str(request.host), Verdict.CUT, reason)
        except _Cut as cut:
            self._record.note(str(request.host), Verdict.CUT, str(cut))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # one of the two went away
        finally:
            if not stream.writer.is_closing():
                stream.writer.transport.abort()
        client.reset()


class _Activity:
    """Puts off the end of a connection whenever something is passed on."""

    def __init__(self, whole: EgressProxy, idle: float) -> None:
        self._whole = whole
        self._idle = idle
        self.timeout = asyncio.timeout(idle)

    def count(self, size: int) -> None:
        """Something was passed on."""
        self.timeout.reschedule(asyncio.get_running_loop().time() + self._idle)
        self._whole.count(size)


def _answer(status: int, reason: str) -> bytes:
    """An answer of the proxy's own; clients show the status line."""
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in reason)
    body = f"shunter: {shown}\n".encode()
    head = f"HTTP/1.1 {status} {shown}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    return (head + "Connection: close\r\n\r\n").encode() + body


async def _say(client: Client, status: int, reason: str) -> None:
    with suppress(OSError):
        client.writer.write(_answer(status, reason))
        await client.writer.drain()
