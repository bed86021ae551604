"""A person's streams and a container's: through a terminal of the container's own, or through pipes.

A container never gets a descriptor of the person's terminal or files. Threads copy, and end with the streams:
to read a terminal can't be cancelled, and the event loop can't watch a regular file.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from threading import Thread
from typing import Final, Self

_CHUNK: Final = 1 << 16
_TOLD_TO_END: Final = (signal.SIGHUP, signal.SIGTERM)
_LAST_WORDS: Final = 5.0
"""Seconds that what a container has printed may take to reach the person once it has ended."""


class Way(Enum):
    """How a container is talked to."""

    TERMINAL = "terminal"
    PIPES = "pipes"


@dataclass(frozen=True, slots=True)
class Streams:
    """The person's descriptors; for a terminal the first two are one, whose mode is put back at the end."""

    way: Way
    stdin: int = 0
    stdout: int = 1
    stderr: int = 2


class _End(Enum):
    """What ended a copy."""

    SOURCE = "source"
    TARGET = "target"
    OVER = "over"


class Connection:
    """What a container gets as its streams, `theirs`, and the threads that copy them.

    `incoming` and `outgoing` are (source, target); what leads to and from the container is closed here.
    """

    def __init__(
        self,
        way: Way,
        theirs: tuple[int, int, int],
        incoming: tuple[int, int],
        outgoing: tuple[tuple[int, int], ...],
    ) -> None:
        self.theirs = theirs
        self._way = way
        self._incoming = incoming
        self._outgoing = outgoing
        self._over, self._end = os.pipe()
        self._open = {*theirs, incoming[1], *(source for source, _ in outgoing), self._over, self._end}
        self._giving: list[Thread] = []
        self._taking: list[Thread] = []

    def begin(self, hang_up: Callable[[], None]) -> None:
        """Copy: the container has its streams by now. A thread calls `hang_up` where a terminal goes away."""
        self._close(*self.theirs)
        self._giving = [_started(self._give_out, *pair) for pair in self._outgoing]
        self._taking = [_started(self._take_in, hang_up)]

    def finish(self) -> None:
        """Wait for the last words, and take no more in."""
        self._close(*self.theirs)
        for thread in self._giving:
            thread.join(_LAST_WORDS)
        self._close(self._end)
        for thread in self._taking:
            thread.join(_LAST_WORDS)
        if not any(thread.is_alive() for thread in (*self._giving, *self._taking)):
            self._close(*self._open)  # a thread would go on with a number that is another file's by then

    def _close(self, *descriptors: int) -> None:
        for descriptor in descriptors:
            if descriptor in self._open:
                self._open.remove(descriptor)
                os.close(descriptor)

    def _give_out(self, source: int, target: int) -> None:
        _copy(source, target)
        if self._way is Way.PIPES:
            self._close(source)  # one who prints to a reader that has gone learns it

    def _take_in(self, hang_up: Callable[[], None]) -> None:
        source, target = self._incoming
        end = _copy(source, target, until=self._over)
        if self._way is Way.PIPES:
            self._close(target)
        elif end is _End.SOURCE:
            hang_up()


class Heeding:
    """Calls `kill` where this process is told to end, by signal N: `code` is 128 + N then."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._loop = asyncio.get_running_loop()
        self.code: int | None = None

    def __enter__(self) -> Self:
        for number in _TOLD_TO_END:
            self._loop.add_signal_handler(number, self._heed, number)
        return self

    def __exit__(self, *_: object) -> None:
        for number in _TOLD_TO_END:
            self._loop.remove_signal_handler(number)

    def hang_up(self) -> None:
        """As if the terminal had said so; from any thread, and in vain once all is over."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._heed, signal.SIGHUP)

    def _heed(self, number: signal.Signals) -> None:
        self.code = self.code or 128 + number
        self._kill()


@contextmanager
def connected(
    streams: Streams, *, owner: int | None = None, resized: Callable[[], None] = lambda: None
) -> Iterator[Connection]:
    """Streams for one container, whose processes are `owner`'s where that isn't None.

    `resized` is called, on the loop, when a terminal has got the new size of the person's window. At the end
    of the block the last words are out, and the person's terminal is as it was.
    """
    with ExitStack() as stack:
        piped = streams.way is Way.PIPES
        connection = _pipes(streams) if piped else _terminal(streams, owner, resized, stack)
        stack.callback(connection.finish)
        yield connection


def _terminal(
    streams: Streams, owner: int | None, resized: Callable[[], None], stack: ExitStack
) -> Connection:
    ours, theirs = pty.openpty()
    if owner is not None:
        os.fchown(theirs, owner, owner)
    _fit(streams.stdout, ours)
    stack.enter_context(_raw(streams.stdin))
    stack.enter_context(_fitted(streams.stdout, ours, resized))
    outgoing = ((ours, streams.stdout),)
    return Connection(streams.way, (theirs, theirs, theirs), (streams.stdin, ours), outgoing)


def _pipes(streams: Streams) -> Connection:
    (stdin, to_them), (from_them, stdout), (also_from_them, stderr) = os.pipe(), os.pipe(), os.pipe()
    outgoing = ((from_them, streams.stdout), (also_from_them, streams.stderr))
    return Connection(streams.way, (stdin, stdout, stderr), (streams.stdin, to_them), outgoing)


def _copy(source: int, target: int, *, until: int | None = None) -> _End:
    """Copy until `source` ends, `target` can't be written, or `until` can be read."""
    while until is None or _comes_first(source, until):
        try:
            chunk = os.read(source, _CHUNK)
        except OSError:  # how a terminal says that its other side is gone
            chunk = b""
        if not chunk:
            return _End.SOURCE
        try:
            while chunk:
                chunk = chunk[os.write(target, chunk) :]
        except OSError:
            return _End.TARGET
    return _End.OVER


def _comes_first(source: int, until: int) -> bool:
    watching = select.poll()
    watching.register(source, select.POLLIN)
    watching.register(until, select.POLLIN)
    return until not in dict(watching.poll())


def _started(function: Callable[..., None], *arguments: object) -> Thread:
    thread = Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    """Every key goes to the container's terminal, which makes signals of some."""
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal, termios.TCSADRAIN)
    try:
        yield
    finally:
        with suppress(termios.error):  # it may be gone
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


@contextmanager
def _fitted(window: int, terminal: int, resized: Callable[[], None]) -> Iterator[None]:
    """The container's terminal follows the size of the person's window."""

    def follow() -> None:
        _fit(window, terminal)
        resized()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, follow)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGWINCH)


def _fit(window: int, terminal: int) -> None:
    with suppress(OSError):
        size = fcntl.ioctl(window, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)
