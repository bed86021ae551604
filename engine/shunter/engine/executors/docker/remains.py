"""What there is of a container of Docker's that has ended, in a folder of this machine or at the daemon's."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from typing import Final

from shunter.engine.executors.docker.container import Outcome
from shunter.engine.executors.docker.daemon import Refused
from shunter.engine.executors.docker.entry import NO_COMMAND as SAID_OF_NO_COMMAND
from shunter.engine.executors.docker.entry import NOT_GIVEN
from shunter.engine.executors.docker.host import Ready
from shunter.engine.executors.docker.transfer import Transfer
from shunter.engine.executors.docker.unpacking import unpack
from shunter.engine.executors.local.doom import Doom
from shunter.engine.executors.local.ended import NO_COMMAND, OF_DOOM, Ended, ended_by_code
from shunter.engine.executors.local.outputs import take_folder, take_left, take_outputs
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.local.workspace import Workspace
from shunter.engine.executors.protocol import Ending
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree

WORK: Final = "/work"
_OUT: Final = "/work/out"
_NOT_GIVEN: Final = 126

_IN_FRONT: Final = 'exec: "/bin/sh"'
"""What the daemon says of a shell that isn't there."""

NO_SHELL: Final = (
    "its image has no /bin/sh, by which a step is started and given its secrets under Docker; "
    "the sandbox takes an image without one"
)


@dataclass(frozen=True, slots=True)
class DockerRemains:
    """The `container` of `task`, which has ended and isn't removed yet."""

    task: Task
    space: Workspace
    container: str
    outcome: Outcome
    ready: Ready
    store: ExecutorStore

    @property
    def exit_code(self) -> int | None:
        """The command's; None where none was started or it had to be killed."""
        state = self.outcome.state
        return None if state is None or self.outcome.doom is not None else state.exit_code

    @property
    def seconds(self) -> float:
        """From its start to its end."""
        return self.outcome.seconds

    def ended(self, said: str) -> Ended:
        """How it ended, where `said` is the end of what it printed as errors."""
        doom, state = self.outcome.doom, self.outcome.state
        if doom is Doom.PRINTED_TOO_MUCH:
            detail = "it printed more than a file may hold"
            return Ended(Ending.SIGNALLED, 128 + signal.SIGXFSZ, detail)
        if doom is not None:
            return Ended(OF_DOOM.get(doom, Ending.TIMED_OUT), None)
        if state is None:
            return Ended(Ending.NOT_STARTED, None, _why(self.outcome.problem))
        if state.exit_code != 0 and state.out_of_memory:
            return Ended(Ending.OUT_OF_MEMORY, state.exit_code)
        if state.exit_code == NO_COMMAND:
            return Ended(Ending.EXITED, NO_COMMAND, _said(SAID_OF_NO_COMMAND, said))
        if state.exit_code == _NOT_GIVEN and (why := _said(NOT_GIVEN, said)):
            return Ended(Ending.EXITED, _NOT_GIVEN, why)
        return ended_by_code(state.exit_code)

    def outputs(self) -> Tree:
        """Take what is in /out; raises UnsafeOutput, and Leaked where that holds a secret."""
        if self.ready.transfers.work is Transfer.BIND:
            return take_outputs(self.space, self.store, self.task.secrets)
        return self._fetched()

    def left(self, taken: Tree) -> Left | None:
        """Take what is in /work, through the daemon where it isn't here."""
        most, secrets = self.task.action.limits.kept, self.task.secrets
        if self.ready.transfers.work is Transfer.BIND:
            return take_left(self.space.work, self.store, secrets, most=most, taken=taken)
        pieces = self.ready.daemon.get(self.container, WORK)
        if pieces is None:
            return None
        folder, omitted = self.space.path / "left", list[str]()
        unpack(pieces, folder, largest=most, omitted=omitted)
        left = take_left(folder, self.store, secrets, most=most, taken=Tree(()))
        return replace(left, omitted=(*left.omitted, *omitted)[:10], more=left.more)

    def _fetched(self) -> Tree:
        """What is in /out, through the daemon, which leaves out what no archive can hold: sockets."""
        pieces = self.ready.daemon.get(self.container, _OUT)
        if pieces is None:
            return Tree(())
        folder = self.space.path / "fetched"
        paths = unpack(pieces, folder, largest=self.task.action.limits.file_size)
        top = f"{_OUT}/"
        try:
            changed = self.ready.daemon.changed(self.container)
        except Refused as refusal:
            why = f"what it wrote can't be listed: {refusal.reason.strip().rpartition(': ')[2]}"
            raise UnsafeOutput(why) from refusal
        left = {path.removeprefix(top) for path in changed if path.startswith(top)}
        for path in sorted(left - set(map(_as_daemons_write, paths))):
            raise UnsafeOutput(f"/out/{path} is of no kind that is taken, such as a socket")
        return take_folder(folder, self.store, self.task.secrets)


def _as_daemons_write(path: str) -> str:
    """`path` as it stands in a daemon's JSON: each byte that is no text is the same character there."""
    return "".join("\ufffd" if "\udc80" <= letter <= "\udcff" else letter for letter in path)


def _why(problem: str) -> str:
    """Why the daemon started nothing."""
    return NO_SHELL if _IN_FRONT in problem else problem


def _said(begin: str, said: str) -> str:
    """What the container's first process said of why it started no command."""
    lines = [line for line in said.splitlines() if line.startswith(begin)]
    return lines[-1] if lines else ""
