"""One container, from its making to its removal."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.docker.daemon import Daemon, Refused, State
from shunter.engine.executors.docker.streams import Printed, pump
from shunter.engine.executors.local.doom import Doom


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a container ended: by itself, or by `doom`. `problem` says why nothing was started."""

    state: State | None
    doom: Doom | None
    seconds: float
    problem: str = ""


class Container:
    """A container that isn't started yet. `run` blocks; `kill` may be called from any thread, at any time.

    `begun` is called with its id as soon as it runs.
    """

    def __init__(self, daemon: Daemon, begun: Callable[[str], None] = lambda _: None) -> None:
        self._begun = begun
        self._daemon = daemon
        self._lock = threading.Lock()
        self._running: str | None = None
        self._doom: Doom | None = None

    def run(
        self, container: str, settings: bytes, printed: Printed, *, allowance: Callable[[], Allowance]
    ) -> Outcome:
        """Start the container with the id `container` and wait until it has ended.

        It is killed once its `allowance`, which begins with it, is used up.
        """

        def watch(connection: socket.socket) -> None:
            time_left = allowance()
            self._send(connection, settings)
            pump(connection, printed, allowance=time_left, expire=lambda: self.kill(_reason(printed)))

        return self.watched(container, watch)

    def watched(self, container: str, watch: Callable[[socket.socket], None]) -> Outcome:
        """Start the container with the id `container`; `watch` has to return when it has ended."""
        with self._daemon.attach(container) as connection:
            begin = time.monotonic()
            try:
                started = self._start(container)
            except Refused as refusal:
                return Outcome(None, None, 0.0, refusal.reason)
            if not started:
                return Outcome(None, self._doom, 0.0)
            self._begun(container)
            watch(connection)
        state = self._daemon.wait(container)
        return Outcome(state, self._doom, time.monotonic() - begin)

    def kill(self, doom: Doom = Doom.CANCELLED) -> None:
        """Kill everything in it; where it hasn't been started yet, it never will be."""
        with self._lock:
            self._doom = self._doom or doom
            if self._running is not None:
                self._daemon.kill(self._running)

    def _start(self, container: str) -> bool:
        with self._lock:
            if self._doom is None:
                self._daemon.start(container)
                self._running = container
        return self._running is not None

    def _send(self, connection: socket.socket, settings: bytes) -> None:
        if settings:
            with suppress(ConnectionError):  # where it has ended already, its state tells how
                connection.sendall(settings)


def _reason(printed: Printed) -> Doom:
    return Doom.PRINTED_TOO_MUCH if printed.overflowed else Doom.TIMED_OUT
