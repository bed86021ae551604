"""Passing bytes on: exactly the body that a head announced, or all that comes."""

from __future__ import annotations

import asyncio
import re
from typing import Final, Protocol

from shunter.engine.egress.request import Framing, Malformed

_PIECE: Final = 64 << 10
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


class Meter(Protocol):
    """Is told how many bytes are passed on."""

    def count(self, size: int) -> None:
        """Take note of `size` bytes; raises whatever ends the transfer."""
        ...


async def pass_body(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, framing: Framing, meter: Meter
) -> None:
    """Pass on the body that `framing` announces and nothing after it; raises Malformed."""
    if framing.chunked:
        while size := await _pass_chunk_line(reader, writer):
            await _pass_exactly(reader, writer, size, meter)
            await _pass_end_of_line(reader, writer)
        await _pass_end_of_line(reader, writer)  # trailers would need to be looked at: none are taken
    elif framing.length:
        await _pass_exactly(reader, writer, framing.length, meter)


async def pass_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, meter: Meter) -> None:
    """Pass on all that comes, and then its end."""
    while piece := await reader.read(_PIECE):
        meter.count(len(piece))
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _pass_exactly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, size: int, meter: Meter
) -> None:
    while size:
        piece = await reader.read(min(size, _PIECE))
        if not piece:
            raise Malformed("a body that ends too early")
        size -= len(piece)
        meter.count(len(piece))
        writer.write(piece)
        await writer.drain()


async def _pass_chunk_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    """The size of the next chunk; extensions aren't passed on."""
    line = await _line(reader)
    found = _CHUNK.fullmatch(line)
    if found is None:
        raise Malformed("a chunk without a size")
    size = int(found[1], 16)
    writer.write(b"%x\r\n" % size)
    return size


async def _pass_end_of_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if await _line(reader) != b"\r\n":
        raise Malformed("a chunk that is longer than it says, or trailers")
    writer.write(b"\r\n")
    await writer.drain()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise Malformed("a chunk without an end") from None
