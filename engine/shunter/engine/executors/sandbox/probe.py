"""Containers that are started to see what works here."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shunter.engine.actions.model import Action, CachePolicy, Command, Limits, Network, Returns, Stdout
from shunter.engine.digest import digest_bytes
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.protocol import Ending, Execution, Executor
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.types import Str
from shunter.engine.values import File


@dataclass(frozen=True, slots=True)
class Probe:
    """What a shell script did in a container, and what it printed."""

    execution: Execution
    stdout: str
    stderr: str


def probe(executor: Executor, store: SandboxStore, script: str, *, hosts: tuple[str, ...] = ()) -> Probe:
    """Run `script` in a container as any step is run that may reach `hosts`; raises ExecutorUnavailable.

    It has a thread and an event loop of its own, so that it can be called from inside a loop as well.
    """
    action = Action(
        label="probe",
        identity=digest_bytes(script.encode()),
        arguments={},
        command=Command(("/bin/sh", "-c", script)),
        returns=Returns(Str(), Stdout()),
        limits=Limits(seconds=30),
        network=Network.PROXY if hosts else Network.NONE,
        hosts=hosts,
        cache=CachePolicy.NEVER,
    )
    with ThreadPoolExecutor(1) as pool:
        execution = pool.submit(asyncio.run, executor.execute(action, ())).result()
    return Probe(execution, _text(store, execution.stdout), _text(store, execution.stderr))


def check(executor: Executor, store: SandboxStore) -> None:
    """Raise ExecutorUnavailable, with the reason and the remedy, where no container can be started."""
    seen = probe(executor, store, "true")
    if seen.execution.ending is Ending.NOT_STARTED:
        raise ExecutorUnavailable(f"no container can be started: {seen.execution.detail}")
    if seen.execution.exit_code != 0:
        raise ExecutorUnavailable(
            f"a container was started, and `true` failed in it: {seen.execution.detail}"
        )


def _text(store: SandboxStore, file: File | None) -> str:
    return "" if file is None else store.blob_path(file).read_text(errors="replace")
