"""The standard streams: none is missing, and whoever reads them may go away."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def open_standard_streams() -> None:
    """Make the three streams usable, however this process was started.

    A closed one becomes the null device: otherwise the next file that is opened would get its number, and
    what is printed would end up in there. Streams that somebody else put in place are left alone.
    """
    _fill_gaps()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = _replaced(sys.stdout, _Results(1, "w", closefd=False))
    sys.stderr = _replaced(sys.stderr, _Remarks(2, "w", closefd=False))


class _Results(io.FileIO):
    """Standard output: a reader that has gone is no error, a full disk is one, once."""

    _over = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or do as if, once it can't be done."""
        if not self._over:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._over = True
            except OSError as error:
                self._over = True
                from shunter.engine.errors import OutputError

                raise OutputError(
                    f"can't write to standard output: {error.strerror}",
                    hint="make room there, or redirect it",
                ) from None
        return memoryview(data).nbytes


class _Remarks(io.FileIO):
    """Standard error: nothing ends because nobody can be told."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or do as if."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _fill_gaps() -> None:
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which gets the lowest number that is free: this one


def _replaced(stream: TextIO | None, raw: io.FileIO) -> TextIO:
    """`stream` on top of `raw`; what its encoding lacks is escaped."""
    if stream is not None and type(stream) is not io.TextIOWrapper:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        return stream
    encoding = "utf-8" if stream is None else stream.encoding
    buffered = stream is not None and not stream.line_buffering
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding, errors="backslashreplace", line_buffering=not buffered
    )
