"""The boundary between the engine and whatever can run a command in a container."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from shunter.engine.actions.image import Image
from shunter.engine.actions.model import Action
from shunter.engine.digest import Digest
from shunter.engine.egress.record import Asked
from shunter.engine.executors.promises import Finding
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.sessions.protocol import StepSession
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree
from shunter.engine.values import Directory, File

if TYPE_CHECKING:
    from shunter.engine.executors.streams import Streams


class Ending(Enum):
    """How the command ended."""

    EXITED = "exited"
    SIGNALLED = "signalled"  # by a signal that the executor didn't send
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    WROTE_TOO_MUCH = "wrote-too-much"
    NOT_STARTED = "not-started"  # the container couldn't be made; `detail` says why
    LEAKED = "leaked"  # a secret would have left the container as a part of the result; `detail` says where
    UNSAFE_OUTPUT = "unsafe-output"  # /out holds something that can't be taken; `detail` says what


@dataclass(frozen=True, slots=True)
class Execution:
    """What a container left behind.

    `exit_code` is the command's, 128 + N for signal N. `out` is everything below `/out`, whose
    files are in the store already (it is empty where the command failed). `seconds` is wall clock,
    from the start of the container to its end. `asked` is what it wanted of the network, where its hosts are
    reached through a proxy. `detail` is what the executor knows beyond that, in words: why nothing was
    started, what isn't safe to take, or that an ending is a guess; mostly it is empty. `left` is what was in
    `/work` where the command failed or its result isn't there, and the action's limits let that be kept.
    """

    ending: Ending
    exit_code: int | None
    out: Tree
    stdout: File | None
    stderr: File | None
    seconds: float
    detail: str = ""
    asked: tuple[Asked, ...] = ()
    left: Left | None = None


def unheeded() -> None:
    """What is told to nobody."""


class Executor(Protocol):
    """Runs an action in a container.

    Several `execute` calls may be under way at once, from one event loop. Cancelling one kills
    everything that it started before the cancellation is passed on.
    """

    name: str

    def platform(self, image: Image | None) -> Digest:
        """Identity of the root file system, architecture and whatever else decides results here.

        In an image it is `image_platform` of that, whatever the executor; of None it is the executor's own.
        """
        ...

    def check(self) -> None:
        """Raise ExecutorUnavailable, saying why and what allows it, where no container can be started."""
        ...

    def findings(self) -> Sequence[Finding]:
        """One for each promise, in order; where no container starts, only why. Never raises."""
        ...

    async def execute(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        secrets: Revealed = NOTHING,
        session: StepSession | None = None,
        *,
        vacated: Callable[[], None] = unheeded,
    ) -> Execution:
        """Run `action` with the `prepared` folders at their container paths; failing is no exception.

        The container gets the files of `secrets` in memory, and neither by arguments nor by variables. What
        it printed is redacted before it is kept; where it left one of them in its result, nothing is taken.
        A `session` is served while the container runs, at its `protocol.FOLDER`. Where the command has ended
        with 0, `vacated` is called on the loop as soon as the container computes nothing any more: before
        what it left is taken.
        Raises ImageUnavailable where the action's image can't be had, or isn't one.
        """
        ...

    async def enter(
        self,
        action: Action,
        prepared: Sequence[tuple[str, Directory]],
        *,
        work: Directory | None,
        streams: Streams,
    ) -> int:
        """Run `action` again as `execute` does, with a person at its streams; the exit code.

        `/work` begins with what is in `work`, a folder that an execution has `left`. The command reads from
        the person, unless it has a stdin of its own; on a terminal it is the leader of its session. There is
        no time limit. It is killed with all that it started where the person's terminal or this process is
        ended (128 + N for signal N then), and nothing is kept. Called from the main thread, one at a time.
        """
        ...
