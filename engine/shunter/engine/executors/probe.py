"""Containers that are started to see what works here, with any executor."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol, TypeVar

from shunter.engine.actions.model import (
    Action,
    CachePolicy,
    Command,
    Inline,
    Limits,
    Network,
    Returns,
    Stdout,
)
from shunter.engine.digest import digest_bytes
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.types import Json, Str
from shunter.engine.values import File

T = TypeVar("T")

RESULT: Final = Returns(Str(), Stdout())
LOGGED: Final = Returns(Json())
"""What a probe prints is its result, or only a log."""


class Readable(Protocol):
    """A store that logs can be read from."""

    def open(self, file: File, /) -> BinaryIO:
        """Read a file's content."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """A shell script to run in a container as any step is run; `words` are its arguments."""

    script: str
    words: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    limits: Limits = Limits(seconds=30)
    inline: tuple[Inline, ...] = ()
    returns: Returns = RESULT


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a probe, with what it printed."""

    execution: Execution
    stdout: str
    stderr: str


def probe(executor: Executor, store: Readable, *probes: Probe) -> Sequence[Seen]:
    """Run all `probes` at once; raises ExecutorUnavailable."""

    async def together() -> list[Execution]:
        return await asyncio.gather(*(executor.execute(probe_action(each), ()) for each in probes))

    return [seen(store, execution) for execution in in_a_loop(together())]


def in_a_loop(work: Coroutine[object, object, T]) -> T:
    """The result of `work` in an event loop and a thread of its own: the caller may be in a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def probe_action(asked: Probe) -> Action:
    """The action that a probe is."""
    return Action(
        label="probe",
        identity=digest_bytes(asked.script.encode()),
        arguments={},
        command=Command(("/bin/sh", "-c", asked.script, "sh", *asked.words)),
        returns=asked.returns,
        inline=asked.inline,
        limits=asked.limits,
        network=Network.PROXY if asked.hosts else Network.NONE,
        hosts=asked.hosts,
        cache=CachePolicy.NEVER,
    )


def check(executor: Executor, store: Readable) -> None:
    """Raise ExecutorUnavailable, with the reason and the remedy, where no container can be started."""
    (seen,) = probe(executor, store, Probe("true"))
    if seen.execution.ending is Ending.NOT_STARTED:
        raise ExecutorUnavailable(f"no container can be started: {seen.execution.detail}")
    if seen.execution.exit_code != 0:
        raise ExecutorUnavailable(
            f"a container was started, and `true` failed in it: {seen.execution.detail}"
        )


def seen(store: Readable, execution: Execution) -> Seen:
    """What came of a probe that was run."""
    return Seen(execution, _text(store, execution.stdout), _text(store, execution.stderr))


def _text(store: Readable, file: File | None) -> str:
    if file is None:
        return ""
    with store.open(file) as stream:
        return stream.read(1 << 20).decode(errors="replace")
