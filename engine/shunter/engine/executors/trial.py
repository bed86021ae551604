"""Trials: a probe, and what its end says of a promise."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shunter.engine.actions.model import Limits
from shunter.engine.executors.probe import LOGGED, Probe, Seen, in_a_loop, probe_action
from shunter.engine.executors.promises import Enforced, Finding, Promise
from shunter.engine.executors.protocol import Ending, Execution, Executor

_PRINTED: Final = 10_000_000
_STUBBORN: Final = "trap '' TERM INT HUP; (trap '' TERM; setsid sleep {0}) & sleep {0}; true"
_MANY: Final = "i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i + 1)); done"
_GREEDY: Final = "head -c 300000000 /dev/zero | tail"
_MOMENT: Final = 0.3
"""Seconds in which a container starts, mostly."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is run, and what is found by its end."""

    probe: Probe
    judge: Callable[[Seen], Iterable[Finding]]


def judged(promise: Promise, otherwise: str, *, holds: bool) -> Finding:
    """A finding that is enforced, or isn't for the reason `otherwise`."""
    return Finding(promise, Enforced.YES) if holds else Finding(promise, Enforced.NO, otherwise)


def _of_end(
    promise: Promise, holds: Callable[[Execution], bool], otherwise: str
) -> Callable[[Seen], list[Finding]]:
    return lambda seen: [judged(promise, otherwise, holds=holds(seen.execution))]


def _memory(seen: Seen) -> list[Finding]:
    if seen.execution.ending is not Ending.OUT_OF_MEMORY:
        return [
            Finding(Promise.MEMORY, Enforced.NO, "a step took more than its limit, or ended for no reason")
        ]
    if seen.execution.detail:
        return [
            Finding(Promise.MEMORY, Enforced.PARTLY, f"why a step ended is a guess ({seen.execution.detail})")
        ]
    return [Finding(Promise.MEMORY, Enforced.YES)]


TRIALS: Final = (
    Trial(
        Probe("ln -s /etc/passwd /out/link"),
        _of_end(
            Promise.OUTPUTS, lambda end: end.ending is Ending.UNSAFE_OUTPUT, "a symlink out of /out was taken"
        ),
    ),
    Trial(
        Probe("kill -SEGV $$"),
        _of_end(
            Promise.ENDINGS,
            lambda end: (end.ending, end.exit_code) == (Ending.SIGNALLED, 139),
            "a step that a signal ended seems to have exited",
        ),
    ),
    Trial(Probe(_GREEDY, limits=Limits(seconds=30, memory=64 << 20)), _memory),
    Trial(
        Probe(_MANY, limits=Limits(seconds=30, processes=20)),
        _of_end(
            Promise.PROCESS_LIMIT,
            lambda end: end.exit_code != 0,
            "a step started more processes than its limit",
        ),
    ),
    Trial(
        Probe(f"yes | head -c {_PRINTED}", returns=LOGGED),
        _of_end(
            Promise.LOGS,
            lambda end: end.stdout is not None and end.stdout.size < _PRINTED,
            "what a step prints is kept whole, or not at all",
        ),
    ),
)


def out_of_time() -> Trial:
    """A step that ignores what a polite engine would send."""
    marker = _marker()

    def holds(execution: Execution) -> bool:
        return execution.ending is Ending.TIMED_OUT and not _goes_on(marker)

    probe = Probe(_STUBBORN.format(marker), limits=Limits(seconds=_MOMENT))
    return Trial(probe, _of_end(Promise.TIME, holds, "a step, or what it started, went on"))


def cancelled(executor: Executor) -> Finding:
    """Cancels such a step a moment after it was started."""
    marker = _marker()

    async def cancel() -> bool:
        action = probe_action(Probe(_STUBBORN.format(marker)))
        task = asyncio.create_task(executor.execute(action, ()))
        await asyncio.wait([task], timeout=_MOMENT)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return task.cancelled() and not _goes_on(marker)

    return judged(
        Promise.CANCELLING, "a cancelled step, or what it started, went on", holds=in_a_loop(cancel())
    )


def _marker() -> str:
    """A number of seconds that is on no other command line."""
    return f"86400.{secrets.randbelow(10**9):09}"


def _goes_on(marker: str) -> bool:
    """Whether a process of this machine has `marker` on its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if marker.encode() in path.read_bytes():
                return True
    return False
