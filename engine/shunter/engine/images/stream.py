"""Reading what is packed, in one pass, with all that it can make us hold in memory bounded."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from shunter.engine.errors import ImageUnavailable

PIECE: Final = 1 << 20
"""Nothing is read in pieces of more bytes than this; no header of a tar is longer, either."""

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_OTHERS: Final = {b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_LARGEST_WINDOW: Final = 1 << 27

BROKEN: Final = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    OverflowError,
    RecursionError,
    gzip.BadGzipFile,
)
"""What reading a stream that is none raises."""


class Readable(Protocol):
    """Anything that gives its next bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Packed(Exception):
    """A stream that isn't what it should be, in words."""


class TarStream:
    """The plain tar in a stream that may be packed with gzip or zstd, for `tarfile`; it only goes forward.

    `digest` is the tar's own, once `drain` has read it to its end. More than `most` bytes raise Packed.
    """

    def __init__(self, source: BinaryIO, *, most: int) -> None:
        self._plain = unpacked(source)
        self._hash = hashlib.sha256()
        self._position = 0
        self._most = most

    @property
    def digest(self) -> str:
        """The digest of all that was read."""
        return "sha256:" + self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes, or as many as there are; raises Packed for more than PIECE at once."""
        if not 0 <= size <= PIECE:
            raise Packed(f"a header claims to be longer than {PIECE} bytes")
        pieces: list[bytes] = []
        while size and (piece := self._next(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def tell(self) -> int:
        """How many bytes have been read."""
        return self._position

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        """Skip to `position`, which has to lie ahead."""
        if whence != io.SEEK_SET or position < self._position:
            raise Packed("its headers lead backwards")
        while self._position < position and self._next(min(PIECE, position - self._position)):
            pass
        return self._position

    def drain(self) -> None:
        """Read the rest."""
        while self._next(PIECE):
            pass

    def _next(self, size: int) -> bytes:
        piece = self._plain.read(size)
        self._hash.update(piece)
        self._position += len(piece)
        if self._position > self._most:
            raise Packed(f"unpacked it has more than {self._most} bytes")
        return piece


def unpacked(source: BinaryIO) -> Readable:
    """What is in a stream that may be packed; `source` can be sought, and is read from its beginning."""
    head = source.read(6)
    source.seek(-len(head), io.SEEK_CUR)
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=source, mode="rb")
    if head.startswith(_ZSTD):
        return _zstd(source)
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
    if other is not None:
        raise Packed(f"it is packed with {other}, and only gzip and zstd can be read")
    return source


def _zstd(source: BinaryIO) -> Readable:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    stream = unpacker.stream_reader(source, read_across_frames=True)

    class _Reader:
        def read(self, size: int, /) -> bytes:
            try:
                return stream.read(size)
            except zstandard.ZstdError as error:
                raise Packed(str(error)) from None

    return _Reader()


def broken(what: str, error: BaseException) -> ImageUnavailable:
    """The error that says that `what` can't be read."""
    reason = "nested too deeply" if isinstance(error, RecursionError) else str(error) or "it ends too early"
    return ImageUnavailable(f"{what} can't be read: {reason}")


def unpacked_file(stream: BinaryIO, target: Path, *, most: int) -> BinaryIO:
    """What is in `stream`, as a file that can be sought: where it is packed that is the new file `target`."""
    plain = unpacked(stream)
    if plain is stream:
        return stream
    with open(target, "xb") as writing:
        while piece := plain.read(PIECE):
            writing.write(piece)
            if writing.tell() > most:
                raise Packed(f"unpacked it has more than {most} bytes")
    return open(target, "rb")
