"""A picture, and a film to test with: the sound of a recording beside one grey picture a second, as an uncompressed AVI file."""

from __future__ import annotations

import struct
import wave
import zlib
from pathlib import Path

SIDE = 16
_SIZE = SIDE * SIDE * 3


def write_film(recording: Path, path: Path) -> Path:
    """Write the film whose sound is `recording`, a 16-bit WAV file with one channel."""
    with wave.open(str(recording)) as sound:
        rate, samples = sound.getframerate(), sound.readframes(sound.getnframes())
    seconds = [samples[start : start + 2 * rate] for start in range(0, len(samples), 2 * rate)]
    head = struct.pack("<14I", 1_000_000, 0, 0, 0, len(seconds), 0, 2, _SIZE, SIDE, SIDE, 0, 0, 0, 0)
    pictures = _stream(b"vids", b"DIB ", 1, len(seconds), _SIZE, 0)
    bitmap = struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, _SIZE, 0, 0, 0, 0)
    voices = _stream(b"auds", b"\0\0\0\0", 2 * rate, len(samples) // 2, 2 * rate, 2)
    samples_format = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    streams = (
        _list(b"strl", _chunk(b"strh", pictures), _chunk(b"strf", bitmap)),
        _list(b"strl", _chunk(b"strh", voices), _chunk(b"strf", samples_format)),
    )
    data = [
        part for second in seconds for part in (_chunk(b"00db", b"\x80" * _SIZE), _chunk(b"01wb", second))
    ]
    body = b"AVI " + _list(b"hdrl", _chunk(b"avih", head), *streams) + _list(b"movi", *data)
    path.write_bytes(_chunk(b"RIFF", body))
    return path


def _stream(kind: bytes, handler: bytes, rate: int, length: int, buffer: int, sample: int) -> bytes:
    scale = sample or 1
    return struct.pack(
        "<4s4sIHHIIIIIIIIHHHH",
        kind,
        handler,
        0,
        0,
        0,
        0,
        scale,
        rate,
        0,
        length,
        buffer,
        0,
        sample,
        0,
        0,
        0,
        0,
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _list(kind: bytes, *parts: bytes) -> bytes:
    return _chunk(b"LIST", kind + b"".join(parts))


def write_picture(path: Path) -> Path:
    """Write a PNG file of 4 × 2 pixels in red."""
    rows = (b"\0" + b"\xff\0\0" * 4) * 2
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 4, 2, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path
