"""What is done on the launchpad: start bubblewrap, and let a container that waits go."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from shunter.engine.executors.sandbox.door import open_door
from shunter.engine.executors.sandbox.limits import limit_process
from shunter.engine.executors.sandbox.process import Started

_RESTORED: Final = (signal.SIGPIPE, signal.SIGXFSZ)
"""What each Python ignores by itself, and `Popen` restores."""

_LIBRARYS_OWN: Final = (32, 33)
"""No program but the C library can have them; GNU make lets its children ignore them."""

_OTHERS: Final = sum(1 << number - 1 for number in (*_RESTORED, *_LIBRARYS_OWN))

_STATUS: Final = 1 << 16
"""More bytes than `/proc/self/status` has."""

_UNIGNORING: Final = (
    "import os, signal, sys\n"
    "for ignored in sys.argv[1].split(): signal.signal(int(ignored), signal.SIG_DFL)\n"
    "os.execv(sys.argv[2], sys.argv[2:])"
)


def open_log(path: Path, stack: ExitStack) -> int:
    """A descriptor to write a new log through, closed with `stack`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    stack.callback(os.close, descriptor)
    return descriptor


def spawn(argv: Sequence[str], *, stdin: int, logs: tuple[int, int], inherited: Sequence[int]) -> Started:
    """Start bubblewrap, whose container then waits for `let_go`; raises OSError where that fails."""
    with ExitStack() as theirs, ExitStack() as ours:
        status, status_end = _pipe(reader=ours, writer=theirs)
        filter_end, gate = _pipe(reader=theirs, writer=ours)
        os.set_blocking(status, False)
        bubblewrap = [argv[0], "--json-status-fd", str(status_end), "--seccomp", str(filter_end), *argv[1:]]
        process = subprocess.Popen(
            _unignoring(bubblewrap),
            stdin=stdin,
            stdout=logs[0],
            stderr=logs[1],
            pass_fds=(status_end, filter_end, *inherited),
            env={},
            cwd="/",
            umask=0o022,
            start_new_session=True,  # so that Ctrl-C reaches the engine alone
        )
        started = Started(process, os.pidfd_open(process.pid), status, gate)
        ours.pop_all()
        return started


def let_go(pid: int, gate: int, limits: Mapping[int, int], seccomp: bytes, door: int | None = None) -> None:
    """Limit the container whose init is `pid`, send its filter through `gate`, and close that.

    Its listener is handed over through the descriptor `door` before, where it can't do that itself.
    """
    try:
        limit_process(pid, limits)
        if door is not None:
            open_door(pid, door)
        os.write(gate, seccomp)
    finally:
        os.close(gate)


def _unignoring(argv: list[str]) -> list[str]:
    """`argv`, started with no signal ignored: that would be inherited, as from `nohup` or a shell's `&`.

    A thread can't change for its child alone what the whole process ignores, so where something is, a program
    in between does.
    """
    ignored = _ignored()
    if not ignored:
        return argv
    numbers = " ".join(str(int(number)) for number in (*ignored, *_RESTORED))
    return ["/usr/bin/python3", "-I", "-S", "-B", "-c", _UNIGNORING, numbers, *argv]


def _ignored() -> list[int]:
    """The signals that this process ignores, but for those that it need not care about; in one read."""
    with open("/proc/self/status", "rb", buffering=0) as file:
        status = file.read(_STATUS)
    bits = int(status.partition(b"\nSigIgn:")[2].split(maxsplit=1)[0], 16) & ~_OTHERS
    return [number for number in range(1, bits.bit_length() + 1) if bits >> number - 1 & 1]


def _pipe(*, reader: ExitStack, writer: ExitStack) -> tuple[int, int]:
    """A pipe, each of whose ends is closed with its stack."""
    read, write = os.pipe()
    reader.callback(os.close, read)
    writer.callback(os.close, write)
    return read, write
