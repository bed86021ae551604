"""From a step that is laid ready to its container: started, limited and let go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from shunter.engine.actions.model import Action
from shunter.engine.executors.local.background import settle
from shunter.engine.executors.local.workspace import Workspace
from shunter.engine.executors.sandbox.arguments import Invocation, invoke
from shunter.engine.executors.sandbox.limits import limit_values
from shunter.engine.executors.sandbox.machine import Machine
from shunter.engine.executors.sandbox.process import Container, Started
from shunter.engine.executors.sandbox.spawn import let_go, open_log, spawn
from shunter.engine.executors.sandbox.step import Step


@dataclass(frozen=True, slots=True)
class Given:
    """Descriptors that a container gets as its given."""

    stdin: int
    stdout: int
    stderr: int

    @classmethod
    def logging(cls, stdin: int, space: Workspace, stack: ExitStack) -> Given:
        """What a container prints goes into files of `space`; their descriptors are closed with `stack`."""
        return cls(stdin, open_log(space.stdout, stack), open_log(space.stderr, stack))


def invocation_of(step: Step) -> Invocation:
    """How bubblewrap is called for `step`."""
    inside = None if step.way_out is None else step.way_out.inside
    task = step.task
    return invoke(task.action, step.root, step.space, step.binds, secrets=task.secrets.files, way_out=inside)


async def started(
    step: Step, machine: Machine, invocation: Invocation, given: Given
) -> tuple[Container, asyncio.CancelledError | None]:
    """The container, with a cancellation that came meanwhile; then it is being killed already."""
    starting = _start(machine, invocation, given)
    cancelled = await settle(starting)
    container = Container(machine.launchpad.result(starting), _Release(step, machine))
    if cancelled is not None:
        container.kill()
    return container, cancelled


def _start(machine: Machine, invocation: Invocation, given: Given) -> asyncio.Future[Started]:
    bwrap = str(machine.bwrap)  # found here, by the engine's own user

    def begin() -> Started:
        argv = (bwrap, *machine.watchdog.mark, *invocation.argv)
        logs = given.stdout, given.stderr
        return spawn(argv, stdin=given.stdin, logs=logs, inherited=invocation.inherited)

    return machine.launchpad.submit(begin)


class _Release:
    """Sets the limits of a container that waits, and lets it go."""

    def __init__(self, step: Step, machine: Machine) -> None:
        self._step = step
        self._machine = machine
        self._limits = _values(step.task.action, step)

    def __call__(self, pid: int, gate: int) -> asyncio.Future[None]:
        step = self._step
        if step.group is not None:
            step.group.add(pid)
        door = None if step.way_out is None else step.way_out.door
        return self._machine.launchpad.submit(let_go, pid, gate, self._limits, self._machine.seccomp, door)


def _values(action: Action, step: Step) -> Mapping[int, int]:
    return limit_values(action.limits, data=action.limits.memory if step.group is None else None)
