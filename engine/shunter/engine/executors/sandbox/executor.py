"""The sandbox executor: every step in a container of its own through bubblewrap."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from shunter.engine.actions.image import Image, image_platform
from shunter.engine.digest import Digest
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.local.executor import LocalExecutor
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.promises import Finding
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.sandbox.identity import host_identity
from shunter.engine.executors.sandbox.launchpad import STEP_UID
from shunter.engine.values import Directory

if TYPE_CHECKING:
    from shunter.engine.egress.route import Route
    from shunter.engine.executors.sandbox.machine import Machine
    from shunter.engine.executors.sandbox.process import Outcome
    from shunter.engine.executors.sandbox.root import Root
    from shunter.engine.executors.sandbox.step import Step
    from shunter.engine.executors.streams import Connection, Streams

_FOR_EVER: Final = 10.0 * 365 * 86400
"""Seconds."""


_TURNS: Final = range(2)
"""Of the loop: for whoever is told that a container is over, and for what is started in its stead. That keeps
a core busy, so it comes before taking what was left, which is this process's own work."""


class SandboxExecutor(LocalExecutor):
    """Runs actions in containers, on this machine's own system folders or in an image.

    Where the engine runs as root, steps run as the uid and gid `uid`. `route` is how steps' proxies get to
    the hosts; None leaves that to the engine's environment. `docs/design/sandbox.md` has the reasons.
    """

    name = "sandbox"

    def __init__(self, store: ExecutorStore, *, uid: int = STEP_UID, route: Route | None = None) -> None:
        super().__init__(store, route)
        self._uid = uid

    def platform(self, image: Image | None) -> Digest:
        """Identity of the host's root file system as steps see it, read once; of an image, its own."""
        return self._identity if image is None else image_platform(image)

    def findings(self) -> Sequence[Finding]:
        """What is enforced here and what isn't, as seen from inside of containers; never raises."""
        from shunter.engine.executors.examination import examine
        from shunter.engine.executors.sandbox.notes import notes

        machine = self._machine
        version = None if machine.hierarchy is None else machine.hierarchy.version
        return examine(self, self._store, notes(self.platform(None), uid=machine.owner, groups=version))

    async def _execute(self, task: Task) -> Execution:
        from asyncio import sleep

        from shunter.engine.executors.local.background import to_the_end
        from shunter.engine.executors.local.report import report
        from shunter.engine.executors.local.workspace import clear
        from shunter.engine.executors.sandbox.remains import SandboxRemains
        from shunter.engine.executors.sandbox.step import make_door

        stack = ExitStack()
        try:
            step = await self._laid_ready(task, stack)
            async with make_door(step, self._store, owner=self._machine.owner) or nullcontext() as door:
                outcome = await self._run(step.with_door(door))
            if outcome.exit_code == 0:
                task.vacated()
                for _ in _TURNS:
                    await sleep(0)
        except BaseException:
            await to_the_end(stack.close)
            raise
        remains = SandboxRemains(step, outcome, self._store, self._machine.bwrap)

        def collect() -> Execution:
            asked = () if step.way_out is None else step.way_out.proxy.asked
            with stack:
                seen = report(task.action, step.space, remains, store=self._store, secrets=task.secrets)
                clear(step.space)
            return replace(seen, asked=asked) if asked else seen

        return await to_the_end(collect)

    async def _enter(self, task: Task, work: Directory | None, streams: Streams) -> int:
        from shunter.engine.executors.local.workspace import fill
        from shunter.engine.executors.sandbox.arguments import on_a_terminal
        from shunter.engine.executors.streams import Way, connected

        if streams.way is Way.TERMINAL:
            task = replace(task, action=on_a_terminal(task.action))
        owner = self._machine.owner
        with ExitStack() as stack:
            step = await self._laid_ready(task, stack)
            if work is not None:
                fill(step.space, self._store.tree_path(work), owner=owner)
            connection = stack.enter_context(connected(streams, owner=owner))
            return await self._attend(step, connection)

    async def _laid_ready(self, task: Task, stack: ExitStack) -> Step:
        """All that a container takes; `stack` undoes it."""
        from shunter.engine.executors.sandbox.step import make_step

        machine, proxy = self._machine, self._proxy(task.action)
        root = await self._root(task.action.image)
        return make_step(
            task, root, self._store, stack, owner=machine.owner, hierarchy=machine.hierarchy, proxy=proxy
        )

    async def _run(self, step: Step) -> Outcome:
        from shunter.engine.executors.local.diskwatch import DiskWatch
        from shunter.engine.executors.local.doom import Doom
        from shunter.engine.executors.sandbox.start import Given, invocation_of, started

        invocation = invocation_of(step)
        with invocation.descriptors as descriptors:
            given = Given.logging(invocation.stdin, step.space, descriptors)
            container, cancelled = await started(step, self._machine, invocation, given)
        limits = step.task.action.limits
        watch = DiskWatch(
            lambda: step.written(container.pid), limits.disk, partial(container.kill, Doom.WROTE_TOO_MUCH)
        )
        async with step.way_out or nullcontext(), watch:
            outcome = await container.wait(Allowance(limits.seconds, step.task.session))
        if cancelled is not None:
            raise cancelled
        return outcome

    async def _attend(self, step: Step, connection: Connection) -> int:
        """Run with a person; the exit code. Bubblewrap itself tells them why nothing was started."""
        from shunter.engine.executors.local.ended import NO_COMMAND
        from shunter.engine.executors.sandbox.start import Given, invocation_of, started
        from shunter.engine.executors.streams import Heeding

        invocation = invocation_of(step)
        stdin, stdout, stderr = connection.theirs
        with invocation.descriptors:
            given = Given(
                stdin if step.task.action.command.stdin is None else invocation.stdin, stdout, stderr
            )
            container, cancelled = await started(step, self._machine, invocation, given)
        with Heeding(container.kill) as heeding:
            connection.begin(heeding.hang_up)
            async with step.way_out or nullcontext():
                outcome = await container.wait(Allowance(_FOR_EVER))
        if cancelled is not None:
            raise cancelled
        if outcome.problem:
            raise ExecutorUnavailable(outcome.problem)
        return heeding.code or (NO_COMMAND if outcome.exit_code is None else outcome.exit_code)

    async def _root(self, image: Image | None) -> Root:
        if image is None:
            return self._machine.host_root
        return self._machine.image_root(await self._images.root(image))

    @cached_property
    def _machine(self) -> Machine:
        from shunter.engine.executors.sandbox.machine import Machine

        return Machine(self._store, self._uid)

    @cached_property
    def _identity(self) -> Digest:
        return host_identity()
