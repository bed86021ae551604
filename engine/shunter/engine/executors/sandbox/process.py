"""One container as a process, watched and ended from the event loop.

bubblewrap's first process waits for its seccomp filter, which comes through a pipe. The limits are set
before the filter is sent, so that nothing of the step runs without them; and where the engine dies before,
the filter is empty and the step never starts.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.local.doom import Doom

_MOMENT: Final = 0.01
"""Seconds between looks at a clock that has all but run out, and may stand still."""

_STAT: Final = 4096
"""More bytes than `/proc/PID/stat` has."""

Release: TypeAlias = Callable[[int, int], asyncio.Future[None]]
"""Called on the loop with the pid of a container's init and the write end of its gate, which it has to close:
sets the limits and lets the container go."""


@dataclass(frozen=True, slots=True)
class Started:
    """bubblewrap's outer process, its pidfd, the pipe that it reports through, and the container's gate."""

    process: subprocess.Popen[bytes]
    pidfd: int
    status: int
    gate: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a container ended; `exit_code` is None where no command was started or it had to be killed.

    `doom` says why, where the engine had a reason to kill it.
    """

    exit_code: int | None
    doom: Doom | None
    seconds: float
    problem: str = ""


class Container:
    """A container that has been started; `wait` must be called.

    Its init is known by a pidfd: when that one has ended, so has every process of its pid namespace. `pid` is
    its number, as soon as that is known.
    """

    def __init__(self, started: Started, release: Release) -> None:
        self._loop = asyncio.get_running_loop()
        self._begin = time.monotonic()
        self._process = started.process
        self._status = started.status
        self._gate: int | None = started.gate
        self._release = release
        self._text = b""
        self.pid: int | None = None
        self._init: int | None = None
        self._doomed = False
        self._doom: Doom | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._problem = ""
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._outer = started.pidfd
        self._loop.add_reader(self._status, self._read_status)
        self._loop.add_reader(self._outer, self._outer_ended)

    async def wait(self, allowance: Allowance) -> Outcome:
        """Wait until all its processes have ended; they are killed once `allowance` is used up.

        Being cancelled kills them too, and the cancellation is passed on once they are gone.
        """
        self._look_at_the_clock(allowance)
        try:
            await self._until_gone()
        finally:
            if self._timer is not None:
                self._timer.cancel()
        return Outcome(self._exit_code(), self._doom, time.monotonic() - self._begin, self._problem)

    def kill(self, doom: Doom = Doom.CANCELLED) -> None:
        """Kill every process of the container; where its init isn't known yet, as soon as it is."""
        self._doomed = True
        self._doom = self._doom or doom
        if self._init is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)

    async def _until_gone(self) -> None:
        cancelled: asyncio.CancelledError | None = None
        while not self._gone.done():
            try:
                await asyncio.shield(self._gone)
            except asyncio.CancelledError as error:
                cancelled = error
                self.kill()
        if cancelled is not None:
            raise cancelled

    def _look_at_the_clock(self, allowance: Allowance) -> None:
        left = allowance.left
        if left > 0:
            self._timer = self._loop.call_later(max(left, _MOMENT), self._look_at_the_clock, allowance)
        else:
            self.kill(Doom.TIMED_OUT)

    def _read_status(self) -> None:
        chunk = os.read(self._status, 4096)
        self._text += chunk
        if not chunk:
            self._loop.remove_reader(self._status)
        elif b"\n" in self._text:
            self._loop.remove_reader(self._status)  # the exit code comes with the end, and is read then
            if self._gate is not None:
                self._meet(int(json.loads(self._text.partition(b"\n")[0])["child-pid"]))

    def _meet(self, pid: int) -> None:
        """The container's init is there and waits: let it go, or kill it."""
        with suppress(ProcessLookupError):
            self._init = os.pidfd_open(pid)
        if self._init is not None and _parent(pid) != self._process.pid:
            os.close(self._init)  # it failed and has ended, and its number is another's by now
            self._init = None
        if self._init is None or self._doomed:
            self.kill()
            self._close_gate()
            return
        assert self._gate is not None
        self.pid = pid
        try:
            future = self._release(pid, self._gate)
        except OSError as error:
            self._refuse(error)
            self._close_gate()
        else:
            self._gate = None
            future.add_done_callback(self._released)

    def _released(self, future: asyncio.Future[None]) -> None:
        error = future.exception()
        if error is not None and not isinstance(error, ProcessLookupError | BrokenPipeError):
            self._refuse(error)

    def _refuse(self, error: BaseException) -> None:
        self._problem = f"the container can't be let go: {error}"
        self.kill()

    def _outer_ended(self) -> None:
        self._loop.remove_reader(self._outer)
        os.close(self._outer)
        self._process.wait()
        self._close_gate()
        if self._init is None:
            self._finish()
        else:
            self._loop.add_reader(self._init, self._init_ended)

    def _init_ended(self) -> None:
        assert self._init is not None
        self._loop.remove_reader(self._init)
        os.close(self._init)
        self._init = None
        self._finish()

    def _finish(self) -> None:
        self._loop.remove_reader(self._status)
        with suppress(BlockingIOError):
            while chunk := os.read(self._status, 4096):
                self._text += chunk
        os.close(self._status)
        self._gone.set_result(None)

    def _close_gate(self) -> None:
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None

    def _exit_code(self) -> int | None:
        if self._doomed:
            return None
        documents = [json.loads(line) for line in self._text.splitlines()]
        return next((int(each["exit-code"]) for each in documents if "exit-code" in each), None)


def _parent(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            stat = file.read(_STAT)
    except OSError:
        return None
    return int(stat.rpartition(b")")[2].split()[1])
