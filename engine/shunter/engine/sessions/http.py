"""HTTP over a unix socket: one request a connection, each bounded in time and size."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

import h11

from shunter.engine.sessions.limits import Traffic
from shunter.engine.sessions.refusal import Kind, Refused

_PIECE: Final = 64 << 10
_OUT_OF_DESCRIPTORS: Final = 0.1
"""Seconds until another connection is taken where this process has no descriptor left."""


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; `token` is what stands behind `Bearer`, None without such a field."""

    method: str
    path: str
    token: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON document."""

    status: int
    document: bytes


Handler: TypeAlias = Callable[[Request], Awaitable[Answer]]
"""Answers a request; it is cancelled where the client goes away."""

Complaint: TypeAlias = Callable[[Refused], Answer]


class HttpServer:
    """Serves one listener; what isn't a request gets `complain`'s answer."""

    def __init__(self, handler: Handler, complain: Complaint, traffic: Traffic) -> None:
        self._handler = handler
        self._complain = complain
        self._traffic = traffic
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, listener: socket.socket) -> None:
        """Take connections until cancelled; more than there may be at once wait their turn."""
        room = asyncio.Semaphore(self._traffic.connections)
        try:
            while True:
                await room.acquire()
                task = asyncio.create_task(self._connection(await _accepted(listener)))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
                task.add_done_callback(lambda _: room.release())
        finally:
            listener.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, accepted: socket.socket) -> None:
        reader, writer = await asyncio.open_unix_connection(sock=accepted)
        try:
            answer = await self._answered(reader, writer)
            if answer is not None:
                with suppress(OSError, TimeoutError):
                    async with asyncio.timeout(self._traffic.seconds):
                        writer.write(_written(answer))
                        await writer.drain()
        finally:
            writer.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer | None:
        try:
            async with asyncio.timeout(self._traffic.seconds):
                request = await _Reading(reader, writer, self._traffic).request()
        except Refused as refused:
            return self._complain(refused)
        except TimeoutError:
            message = f"the request wasn't there after {self._traffic.seconds:g} seconds"
            return self._complain(Refused(Kind.SLOW, message))
        except OSError:
            return None
        return None if request is None else await self._handled(request, reader)

    async def _handled(self, request: Request, reader: asyncio.StreamReader) -> Answer | None:
        """The answer; None where the client went away before, and what it asked for was stopped."""
        answering = asyncio.ensure_future(self._handler(request))
        leaving = asyncio.create_task(_left(reader))
        try:
            await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
            return answering.result() if answering.done() else None
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)


class _Reading:
    """One request, as it arrives."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, traffic: Traffic) -> None:
        self._reader = reader
        self._writer = writer
        self._most = traffic.body
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=traffic.head)

    async def request(self) -> Request | None:
        """The request; None where the client leaves without one. Raises Refused and OSError."""
        try:
            head = await self._event()
            if not isinstance(head, h11.Request):
                return None
            body = await self._body()
        except h11.RemoteProtocolError as error:
            kind = Kind.TOO_LARGE if error.error_status_hint == 431 else Kind.REQUEST
            raise Refused(kind, f"this isn't HTTP as the protocol has it: {error}") from None
        if body is None:
            return None
        path = head.target.decode("ascii", "replace")
        return Request(head.method.decode("ascii", "replace"), path, _token(head), body)

    async def _body(self) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        while True:
            match await self._event():
                case h11.Data(data=data):
                    size += len(data)
                    if size > self._most:
                        message = f"the request has more than {self._most} bytes"
                        raise Refused(Kind.TOO_LARGE, message, hint="hand over a file for what is large")
                    pieces.append(bytes(data))
                case h11.EndOfMessage():
                    return b"".join(pieces)
                case _:
                    return None

    async def _event(self) -> object:
        while (event := self._parser.next_event()) is h11.NEED_DATA:
            if self._parser.they_are_waiting_for_100_continue:
                go_on = self._parser.send(h11.InformationalResponse(status_code=100, headers=[]))
                self._writer.write(go_on or b"")
            self._parser.receive_data(await self._reader.read(_PIECE))
        return event


def _token(head: h11.Request) -> str | None:
    for name, value in head.headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].decode("ascii", "replace").strip()
    return None


def _written(answer: Answer) -> bytes:
    reason = "OK" if answer.status == 200 else "Refused"
    head = (
        f"HTTP/1.1 {answer.status} {reason}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(answer.document)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + answer.document


async def _accepted(listener: socket.socket) -> socket.socket:
    loop = asyncio.get_running_loop()
    while True:
        try:
            accepted, _ = await loop.sock_accept(listener)
        except OSError:
            await asyncio.sleep(_OUT_OF_DESCRIPTORS)
        else:
            return accepted


async def _left(reader: asyncio.StreamReader) -> None:
    """Wait until the client goes away; what it sends beyond its request isn't read."""
    with suppress(OSError):
        if not await reader.read(1):
            return
    await asyncio.get_running_loop().create_future()
