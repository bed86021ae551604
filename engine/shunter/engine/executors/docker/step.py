"""One step: laid ready, run in a container, and taken in. All of it blocks, on a thread of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.allowance import Allowance
from shunter.engine.executors.docker.archive import pack, pack_work
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.docker.container import Container, Outcome
from shunter.engine.executors.docker.daemon import Refused
from shunter.engine.executors.docker.doorkeeper import DoorKeeper
from shunter.engine.executors.docker.entry import entry
from shunter.engine.executors.docker.hidden import Hidden
from shunter.engine.executors.docker.host import Ready
from shunter.engine.executors.docker.image import Root
from shunter.engine.executors.docker.remains import WORK, DockerRemains
from shunter.engine.executors.docker.spec import container_config, step_variables
from shunter.engine.executors.docker.streams import Printed
from shunter.engine.executors.docker.system import system_files
from shunter.engine.executors.docker.transfer import Transfer
from shunter.engine.executors.docker.unpacking import unpack_lent
from shunter.engine.executors.docker.visit import Visit
from shunter.engine.executors.docker.wayout import WAIT, WayOut, listening
from shunter.engine.executors.local.doom import Doom
from shunter.engine.executors.local.report import report
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.local.workspace import Bind, Workspace, fill, make_workspace, place
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.sandbox.arguments import STDIN_PATH
from shunter.engine.values import Directory, File

_V6: Final = "/proc/sys/net/ipv6"
LOOPBACK_V6: Final = {"net.ipv6.conf.all.disable_ipv6": "0"}
"""Docker turns IPv6 off in a container without network, `localhost` included. A kernel without IPv6 has no
such setting, and the container wouldn't start: so only where the daemon's machine is known to be this one."""


class Step:
    """A task in its container."""

    def __init__(
        self,
        task: Task,
        *,
        ready: Ready,
        root: Root,
        store: ExecutorStore,
        way_out: WayOut | None,
        keeper: DoorKeeper | None = None,
    ) -> None:
        self._task = task
        self._action = task.action
        self._ready = ready
        self._root = root
        self._daemon = ready.daemon
        self._store = store
        self._hidden = Hidden(task)
        self._keeper = keeper
        self._container = Container(ready.daemon, self._begun)
        self._running: tuple[Workspace, str] | None = None
        self._given = 0
        self.way_out = way_out
        self.session: Bind | None = None

    def kill(self, doom: Doom = Doom.CANCELLED) -> None:
        """Kill everything in it, or see to it that it never starts; may be called from any thread."""
        self._container.kill(doom)

    def size(self) -> int:
        """Bytes in the container's own layer beyond what it was given, where that is what it writes to.

        Raises Refused where the daemon can't count them.
        """
        if self._running is None or self._bound:
            return 0
        return self._daemon.size(self._running[1]) - self._given

    def borrow(self, path: str) -> File | Directory | None:
        """A copy of what the running container has at `path` below /work; raises UnsafeOutput."""
        if self._running is None:
            return None
        space, container = self._running
        if self._bound:
            return self._store.borrow(space.work, path)
        first = path.partition("/")[0]  # further down the daemon would follow symlinks
        if first in ("", ".", ".."):
            return None
        pieces = self._daemon.get(container, f"{WORK}/{first}")
        if pieces is None:
            return None
        with self._store.scratch("lent") as folder:
            unpack_lent(pieces, folder / "work", largest=self._action.limits.file_size)
            return self._store.borrow(folder / "work", path)

    def run(self, folder: Path, vacated: Callable[[], object]) -> Execution:
        """Run it to its end, with the empty `folder` for its files.

        `vacated` is called when its command has ended with 0, before what it left is taken.
        Raises ValueError for what can't be mounted, StoreError, InputError and ExecutorUnavailable.
        """
        space = make_workspace(folder, owner=self._owner)
        binds = self._binds(space)
        with self._made(space, binds) as container:
            self._running = space, container
            outcome = self._run(container, space, binds)
            remains = DockerRemains(self._task, space, container, outcome, self._ready, self._store)
            if remains.exit_code == 0:
                vacated()
            return report(self._action, space, remains, store=self._store, secrets=self._task.secrets)

    def visit(self, folder: Path, visit: Visit, work: Directory | None) -> int:
        """Run it with a person, `work` being what is in /work; the exit code. Raises what `run` does."""
        space = make_workspace(folder, owner=self._owner)
        binds = self._binds(space)
        left = None if work is None else self._store.tree_path(work)
        if left is not None and self._bound:
            fill(space, left, owner=self._owner)
        with self._made(space, binds, visit) as container:
            self._put(container, space, binds)
            if left is not None and not self._bound:
                with open(space.path / "work.tar", "w+b") as tar:
                    pack_work(left, tar)
                    self._daemon.put(container, tar)
            watch = partial(visit.watch, self._daemon, container)
            outcome = self._container.watched(container, watch)
        if outcome.state is None:
            raise ExecutorUnavailable(f"the container can't be started: {outcome.problem or 'it was killed'}")
        return outcome.state.exit_code

    @property
    def _bound(self) -> bool:
        """Whether /work is a folder of this machine."""
        return self._ready.transfers.work is Transfer.BIND

    @property
    def _owner(self) -> int | None:
        return STEP if self._bound and os.geteuid() == 0 else None

    @contextmanager
    def _made(self, space: Workspace, binds: Sequence[Bind], visit: Visit | None = None) -> Iterator[str]:
        try:
            container = self._make(space, binds, visit)
        except Refused as refusal:
            raise ExecutorUnavailable(f"the Docker daemon makes no container: {refusal.reason}") from refusal
        try:
            yield container
        finally:
            self._daemon.remove(container)
            if self._keeper is not None:
                self._keeper.close()

    def _begun(self, container: str) -> None:
        if self._keeper is not None:
            self._keeper.open(container)

    def _binds(self, space: Workspace) -> list[Bind]:
        binds = system_files(self._ready.folder, self._action.network, self._ready.transfers.inputs)
        binds += place(space, self._store, self._task.mounts, self._action.inline)
        stdin = self._action.command.stdin
        if isinstance(stdin, File):
            binds.append(Bind(self._store.blob_path(stdin), STDIN_PATH))
        elif stdin is not None:
            path = space.path / "stdin"
            path.write_bytes(stdin)
            path.chmod(0o444)
            binds.append(Bind(path, STDIN_PATH))
        binds += self._hidden.binds()
        binds += [] if self.session is None else [self.session]
        return binds if self.way_out is None else [*binds, self.way_out.bind]

    def _make(self, space: Workspace, binds: Sequence[Bind], visit: Visit | None) -> str:
        action, ready = self._action, self._ready
        by_bind = ready.transfers.inputs is Transfer.BIND
        config = container_config(
            action,
            image=self._root.image,
            argv=self._argv(visit),
            variables=step_variables(action, self._root.variables),
            binds=binds if by_bind else (),
            work=str(space.work) if self._bound else None,
            memory_folders=self._hidden.folders_in_memory,
            labels=ready.labels,
            sysctls=LOOPBACK_V6 if by_bind and os.path.exists(_V6) else {},
        )
        if visit is not None:
            config = visit.config(config)
        return self._daemon.create(config, f"shunter-{secrets.token_hex(8)}")

    def _run(self, container: str, space: Workspace, binds: Sequence[Bind]) -> Outcome:
        self._put(container, space, binds)
        limits = self._action.limits
        allowance = partial(Allowance, limits.seconds, self._task.session)
        with Printed(space.stdout, space.stderr, most=limits.file_size) as printed:
            return self._container.run(container, self._hidden.line, printed, allowance=allowance)

    def _put(self, container: str, space: Workspace, binds: Sequence[Bind]) -> None:
        if self._ready.transfers.inputs is Transfer.ARCHIVE and binds:
            with open(space.path / "inputs.tar", "w+b") as tar:
                pack(binds, tar)
                self._given = tar.seek(0, os.SEEK_END)
                self._daemon.put(container, tar)

    def _argv(self, visit: Visit | None) -> tuple[str, ...]:
        command = self._action.command
        front = () if self.way_out is None or self._keeper is not None else listening()
        wait = "" if self._keeper is None else WAIT
        stdin = None if command.stdin is None else STDIN_PATH
        if visit is not None:
            return visit.argv((*front, *command.argv), stdin=stdin, wait=wait)
        settings = bool(self._hidden.line)
        return entry((*front, *command.argv), stdin=stdin, settings=settings, wait=wait)
