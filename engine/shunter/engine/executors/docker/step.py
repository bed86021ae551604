"""One step: laid ready, run in a container, and taken in. All of it blocks, on a thread of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from shunter.engine.actions.model import Action, Mount, Network
from shunter.engine.errors import ExecutorUnavailable, InputError
from shunter.engine.executors.allowance import Allowance, Waits
from shunter.engine.executors.docker.archive import pack, pack_work
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.docker.container import Container, Outcome
from shunter.engine.executors.docker.daemon import Daemon, Refused
from shunter.engine.executors.docker.entry import entry, settings_text
from shunter.engine.executors.docker.image import Root
from shunter.engine.executors.docker.report import Leaked, report
from shunter.engine.executors.docker.spec import container_config, step_variables
from shunter.engine.executors.docker.streams import Printed
from shunter.engine.executors.docker.system import system_files
from shunter.engine.executors.docker.transfer import Transfer, Transfers
from shunter.engine.executors.docker.unpacking import unpack, unpack_lent
from shunter.engine.executors.docker.visit import Visit
from shunter.engine.executors.docker.wayout import WayOut, listening
from shunter.engine.executors.protocol import Execution
from shunter.engine.executors.sandbox.arguments import STDIN_PATH
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.executors.sandbox.workspace import Bind, Workspace, fill, make_workspace, place
from shunter.engine.secrets.leaks import leak_of, scrub
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory, File

_WORK: Final = "/work"
_OUT: Final = "/work/out"
_V6: Final = "/proc/sys/net/ipv6"
LOOPBACK_V6: Final = {"net.ipv6.conf.all.disable_ipv6": "0"}
"""Docker turns IPv6 off in a container without network, `localhost` included. A kernel without IPv6 has no
such setting, and the container wouldn't start: so only where the daemon's machine is known to be this one."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A daemon that steps can be run on, with what they have in common; `folder` is the executor's own."""

    daemon: Daemon
    transfers: Transfers
    labels: Mapping[str, str]
    folder: Path


class Step:
    """An action in its container, which gets the `prepared` folders; `space` is its own on this machine."""

    def __init__(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        ready: Ready,
        root: Root,
        store: SandboxStore,
        way_out: WayOut | None,
        secrets: Revealed = NOTHING,
    ) -> None:
        self._action = action
        self._prepared = prepared
        self._ready = ready
        self._root = root
        self._daemon = ready.daemon
        self._store = store
        self._way_out = way_out
        self._secrets = secrets
        self._container = Container(ready.daemon)
        self._running: tuple[Workspace, str] | None = None
        self.session: Bind | None = None
        self.waits: Waits | None = None

    def kill(self) -> None:
        """Kill everything in it, or see to it that it never starts; may be called from any thread."""
        self._container.kill()

    def borrow(self, path: str) -> File | Directory | None:
        """A copy of what the running container has at `path` below /work; raises UnsafeOutput."""
        if self._running is None:
            return None
        space, container = self._running
        if self._ready.transfers.work is Transfer.BIND:
            return self._store.borrow(space.work, path)
        first = path.partition("/")[0]  # further down the daemon would follow symlinks
        if first in ("", ".", ".."):
            return None
        pieces = self._daemon.get(container, f"{_WORK}/{first}")
        if pieces is None:
            return None
        with self._store.scratch("lent") as folder:
            unpack_lent(pieces, folder / "work", largest=self._action.limits.file_size)
            return self._store.borrow(folder / "work", path)

    def run(self, folder: Path) -> Execution:
        """Run it to its end, with the empty `folder` for its files.

        Raises ValueError for what can't be mounted, StoreError, InputError and ExecutorUnavailable.
        """
        space = self._space(folder)
        binds = self._binds(space)
        with self._made(space, binds) as container:
            self._running = space, container
            outcome = self._run(container, space, binds)
            return report(
                self._action,
                space,
                outcome,
                store=self._store,
                outputs=lambda: self._outputs(container, space),
                left=lambda taken: self._left(container, space, taken),
                secrets=self._secrets,
            )

    def visit(self, folder: Path, visit: Visit, work: Directory | None) -> int:
        """Run it with a person, `work` being what is in /work; the exit code. Raises what `run` does."""
        space = self._space(folder)
        binds = self._binds(space)
        left = None if work is None else self._store.tree_path(work)
        bound = self._ready.transfers.work is Transfer.BIND
        if left is not None and bound:
            fill(space, left, owner=self._owner)
        with self._made(space, binds, visit) as container:
            self._put(container, space, binds)
            if left is not None and not bound:
                with open(space.path / "work.tar", "w+b") as tar:
                    pack_work(left, tar)
                    self._daemon.put(container, tar)
            watch = partial(visit.watch, self._daemon, container)
            outcome = self._container.watched(container, watch)
        if outcome.state is None:
            raise ExecutorUnavailable(f"the container can't be started: {outcome.problem or 'it was killed'}")
        return outcome.state.exit_code

    @property
    def _owner(self) -> int | None:
        return STEP if self._ready.transfers.work is Transfer.BIND and os.geteuid() == 0 else None

    def _space(self, folder: Path) -> Workspace:
        return make_workspace(folder, owner=self._owner)

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

    def _binds(self, space: Workspace) -> list[Bind]:
        mounts = [*self._action.mounts, *(Mount(path, folder) for path, folder in self._prepared)]
        binds = system_files(self._ready.folder, self._action.network, self._ready.transfers.inputs)
        binds += place(space, self._store, mounts, self._action.inline)
        stdin = self._action.command.stdin
        if isinstance(stdin, File):
            binds.append(Bind(self._store.blob_path(stdin), STDIN_PATH))
        elif stdin is not None:
            path = space.path / "stdin"
            path.write_bytes(stdin)
            path.chmod(0o444)
            binds.append(Bind(path, STDIN_PATH))
        binds += [
            Bind(Path(source), target) for target, source in self._settings_files() if Path(source).is_dir()
        ]
        binds += [] if self.session is None else [self.session]
        return binds if self._way_out is None else [*binds, self._way_out.bind]

    def _make(self, space: Workspace, binds: Sequence[Bind], visit: Visit | None) -> str:
        action, ready = self._action, self._ready
        by_bind = ready.transfers.inputs is Transfer.BIND
        config = container_config(
            action,
            image=self._root.image,
            argv=self._argv(visit),
            variables=step_variables(action, self._root.variables),
            binds=binds if by_bind else (),
            work=str(space.work) if ready.transfers.work is Transfer.BIND else None,
            memory_folders={str(PurePosixPath(path).parent) for path in self._in_memory()},
            labels=ready.labels,
            sysctls=LOOPBACK_V6 if by_bind and os.path.exists(_V6) else {},
        )
        if visit is not None:
            config = visit.config(config)
        return self._daemon.create(config, f"shunter-{secrets.token_hex(8)}")

    def _run(self, container: str, space: Workspace, binds: Sequence[Bind]) -> Outcome:
        self._put(container, space, binds)
        most = self._action.limits.file_size
        with Printed(space.stdout, space.stderr, most=most) as printed:
            allowance = partial(Allowance, self._action.limits.seconds, self.waits)
            return self._container.run(container, self._settings_line(), printed, allowance=allowance)

    def _put(self, container: str, space: Workspace, binds: Sequence[Bind]) -> None:
        if self._ready.transfers.inputs is Transfer.ARCHIVE and binds:
            with open(space.path / "inputs.tar", "w+b") as tar:
                pack(binds, tar)
                self._daemon.put(container, tar)

    def _left(self, container: str, space: Workspace, taken: Tree) -> Left | None:
        """What is in /work, through the daemon where it isn't here."""
        most = self._action.limits.kept
        if self._ready.transfers.work is Transfer.BIND:
            scrub(space.work, self._secrets.redactor)
            return self._store.take_left(space.work, most=most, taken=taken)
        pieces = self._daemon.get(container, _WORK)
        if pieces is None:
            return None
        folder, omitted = space.path / "left", list[str]()
        unpack(pieces, folder, largest=most, omitted=omitted)
        scrub(folder, self._secrets.redactor)
        left = self._store.take_left(folder, most=most, taken=Tree(()))
        return replace(left, omitted=(*left.omitted, *omitted)[:10], more=left.more)

    def _outputs(self, container: str, space: Workspace) -> Tree:
        if self._ready.transfers.work is Transfer.ARCHIVE:
            return self._fetch(container, space)
        if not space.out.is_symlink() and not space.out.exists():
            return Tree(())
        if space.out.is_symlink() or not space.out.is_dir():
            raise UnsafeOutput("/out was replaced by something that isn't a folder")
        return self._take(space.out)

    def _take(self, folder: Path) -> Tree:
        """What is in a folder of outputs; raises Leaked where a secret is in there."""
        leak = leak_of(folder, self._secrets)
        if leak is not None:
            raise Leaked(f"/out/{leak}")
        return self._store.take_folder(folder)

    def _fetch(self, container: str, space: Workspace) -> Tree:
        """What is in /out, through the daemon, which leaves out what no archive can hold: sockets."""
        pieces = self._daemon.get(container, _OUT)
        if pieces is None:
            return Tree(())
        folder = space.path / "fetched"
        paths = unpack(pieces, folder, largest=self._action.limits.file_size)
        top = f"{_OUT}/"
        left = {path.removeprefix(top) for path in self._daemon.changed(container) if path.startswith(top)}
        for path in sorted(left - set(map(_as_daemons_write, paths))):
            raise UnsafeOutput(f"/out/{path} is of no kind that is taken, such as a socket")
        return self._take(folder)

    def _argv(self, visit: Visit | None) -> tuple[str, ...]:
        command = self._action.command
        front = () if self._way_out is None else listening()
        stdin = None if command.stdin is None else STDIN_PATH
        if visit is not None:
            return visit.argv((*front, *command.argv), stdin=stdin)
        return entry((*front, *command.argv), stdin=stdin, settings=bool(self._settings_line()))

    def _settings_line(self) -> bytes:
        """The user's own settings and secrets: they go through the container's stdin, and onto no disk."""
        host = self._action.network is Network.HOST
        variables = self._action.ambient.variables if host else {}
        settings, hidden = self._settings(), self._secrets.files
        return settings_text(variables, settings, hidden) if variables or settings or hidden else b""

    def _in_memory(self) -> Mapping[str, bytes]:
        return {**self._settings(), **self._secrets.files}

    def _settings(self) -> Mapping[str, bytes]:
        files = [(path, source) for path, source in self._settings_files() if not Path(source).is_dir()]
        return {path: _read_setting(source) for path, source in files}

    def _settings_files(self) -> Sequence[tuple[str, str]]:
        """Container path and path on this machine of each."""
        host = self._action.network is Network.HOST
        return list(self._action.ambient.files.items()) if host else []


def _as_daemons_write(path: str) -> str:
    """`path` as it stands in a daemon's JSON: each byte that is no text is the same character there."""
    return "".join("\ufffd" if "\udc80" <= letter <= "\udcff" else letter for letter in path)


def _read_setting(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(
            f"the settings file {source} can't be read: {error.strerror}",
            hint="mend or remove the setting that names it",
        ) from error
