"""What passes between a step and a host once they are connected: a tunnel, or one request and its answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from shunter.engine.egress.body import Meter, pass_all, pass_body
from shunter.engine.egress.request import Answer, Framing, Malformed, Request, read_answer
from shunter.engine.egress.route import Stream

_NO_BODY = frozenset({204, 304})
_SWITCHED = 101


@dataclass(frozen=True, slots=True)
class Client:
    """The step's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def reset(self) -> None:
        """End it so that the step sees an error: an end in peace could look like the end of the answer."""
        end = self.writer.get_extra_info("socket")
        if end is not None and not self.writer.is_closing():
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


async def tunnel(client: Client, stream: Stream, meter: Meter) -> None:
    """Pass on all that comes, both ways, until both have ended."""
    client.writer.write(b"HTTP/1.1 200 connected\r\n\r\n")
    both = [
        asyncio.create_task(pass_all(client.reader, stream.writer, meter)),
        asyncio.create_task(pass_all(stream.reader, client.writer, meter)),
    ]
    try:
        await asyncio.gather(*both)
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def exchange(request: Request, client: Client, stream: Stream, meter: Meter) -> None:
    """Pass on one request and its answer. What comes after the request is never read.

    Raises Malformed as long as nothing of the answer was passed on.
    """
    if request.waits:
        client.writer.write(b"HTTP/1.1 100 continue\r\n\r\n")
    stream.writer.write(request.head(absolute=stream.proxied, login=stream.login))
    with suppress(ConnectionError):  # a server may answer before it has heard all
        await pass_body(client.reader, stream.writer, request.framing, meter)
        await stream.writer.drain()
    answer = await _answer_of(stream)
    while answer.status < 200 and answer.status != _SWITCHED:
        answer = await _answer_of(stream)
    if answer.status == _SWITCHED:
        raise Malformed("the server wants to speak another protocol")
    client.writer.write(answer.head)
    if request.method != b"HEAD" and answer.status not in _NO_BODY:
        await _pass_answered(stream.reader, client.writer, answer.framing, meter)
    await client.writer.drain()


async def _answer_of(stream: Stream) -> Answer:
    try:
        return read_answer(await stream.reader.readuntil(b"\r\n\r\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        raise Malformed("the server ended the connection without an answer") from None


async def _pass_answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, framing: Framing, meter: Meter
) -> None:
    if framing == Framing(None, chunked=False):
        await pass_all(reader, writer, meter)
        return
    try:
        await pass_body(reader, writer, framing, meter)
    except Malformed as error:  # too late for an answer of the proxy's own
        raise ConnectionError(str(error)) from error
