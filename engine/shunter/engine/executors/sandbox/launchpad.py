"""The thread on which containers are started: as root, a thread that has given root up for good.

Linux keeps user, groups and capabilities for each thread; the C library only hides that. Measured: to start
`setpriv` and `prlimit` in front of every step costs 3 ms of 10, and a fork of the engine that changes its
uid, as `Popen` offers it, 5 ms. What this thread starts has the uid from its first instruction; and it may
set the limits of what runs under that uid, which root itself may not without CAP_SYS_RESOURCE.

Containers die with the thread that started them, so it lives as long as its launchpad is in use.
"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from shunter.engine.errors import ExecutorUnavailable

STEP_UID: Final = 210000
"""The uid and gid of this machine that steps run under where the engine runs as root."""

P = ParamSpec("P")
T = TypeVar("T")

_PR_SET_NO_NEW_PRIVS: Final = 38
_GENERIC: Final = (159, 149, 147)
_CALLS: Final = {
    "x86_64": (116, 119, 117),
    "aarch64": _GENERIC,
    "riscv64": _GENERIC,
    "loongarch64": _GENERIC,
}
"""By machine, the numbers of setgroups, setresgid and setresuid."""


class Launchpad:
    """Runs functions on one thread, under the uid and gid `uid`, or the engine's own where that is None."""

    def __init__(self, uid: int | None) -> None:
        self._uid = uid
        self._pool = ThreadPoolExecutor(1, "launchpad", _become, (uid,))

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Run `function` on the thread; must be called on an event loop's thread."""
        return asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function` on the thread and wait for it."""
        return self._pool.submit(function, *args, **kwargs).result()

    def result(self, future: asyncio.Future[T]) -> T:
        """The result of what was submitted and is done.

        Raises ExecutorUnavailable where the thread couldn't give up root or a program couldn't be executed.
        """
        try:
            return future.result()
        except BrokenExecutor as error:
            raise ExecutorUnavailable(
                f"the sandbox runs no step as root, and can't take on uid {self._uid} here",
                hint="run shunter as an ordinary user, or as a root with CAP_SETUID and CAP_SETGID",
            ) from error
        except PermissionError as error:
            raise ExecutorUnavailable(
                f"the sandbox can't start {error.filename}: {error.strerror}{self._who()}",
                hint="set SHUNTER_HOME to a folder that every user may enter, on a disk without `noexec`",
            ) from error
        except OSError as error:
            raise ExecutorUnavailable(f"the sandbox can't start a process: {error}") from error

    def _who(self) -> str:
        return "" if self._uid is None else f" for uid {self._uid}, which steps run under"


def _become(uid: int | None) -> None:
    """Only this thread, hence by number: the C library's own functions would change all threads."""
    if uid is None:
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    setgroups, setresgid, setresuid = _CALLS[platform.machine()]
    calls = ((setgroups, 0, None), (setresgid, uid, uid, uid), (setresuid, uid, uid, uid))
    failed = [call for call in calls if libc.syscall(*call) != 0]
    if failed or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or not _is_powerless(uid):
        raise PermissionError(f"this thread can't become uid {uid}")


def _is_powerless(uid: int) -> bool:
    """What the kernel says of this thread."""
    lines = Path("/proc/thread-self/status").read_text().splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    owners = [*status["Uid"], *status["Gid"]]
    return owners == [str(uid)] * 8 and not status["Groups"] and int(status["CapEff"][0], 16) == 0
