"""What a container left behind, as an Execution: the same whatever the container was made by."""

from __future__ import annotations

from typing import Final, Protocol

from shunter.engine.actions.model import Action, Stdout
from shunter.engine.executors.local.ended import Ended
from shunter.engine.executors.local.logs import KEPT, tail, tidy
from shunter.engine.executors.local.outputs import Leaked
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.local.workspace import Workspace
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.result import keep_left
from shunter.engine.secrets.leaks import was_printed
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree
from shunter.engine.values import File

_NOTHING: Final = Tree(())
_PRINTED: Final = "stdout, which is its result"


class Remains(Protocol):
    """What there is of a container that has ended."""

    @property
    def exit_code(self) -> int | None:
        """The command's; None where it didn't end by itself."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...

    def ended(self, said: str) -> Ended:
        """How it ended, where the end of its stderr is `said`; raises ExecutorUnavailable."""
        ...

    def outputs(self) -> Tree:
        """Take what is in /out; raises UnsafeOutput, and Leaked where that holds a secret."""
        ...

    def left(self, taken: Tree) -> Left | None:
        """Take what is in /work, but for secrets and for what was `taken` of it already."""
        ...


def report(
    action: Action, space: Workspace, remains: Remains, *, store: ExecutorStore, secrets: Revealed
) -> Execution:
    """Take logs and outputs into `store`; outputs only where the command ended with 0.

    Logs are redacted first; outputs that hold a secret stay where they are.
    """
    prints = remains.exit_code == 0 and isinstance(action.returns.source, Stdout)
    leaks = prints and was_printed(space.stdout, secrets)
    printed = _tidy_logs(action, space, secrets.redactor, is_result=prints and not leaks)
    ended = remains.ended(tail(space.stderr) if printed[1] else "")
    out = taken = _NOTHING
    if ended.well:
        try:
            out = taken = _leaked() if leaks else remains.outputs()
        except Leaked as leak:
            ended = Ended(Ending.LEAKED, 0, str(leak))
        except UnsafeOutput as error:
            ended, taken = Ended(Ending.UNSAFE_OUTPUT, 0, error.message), error.taken
    stdout, stderr = _take_logs(space, printed, store)
    gone = taken.inside("out")
    left = keep_left(action, ended.ending, ended.exit_code, out, lambda: remains.left(gone))
    seconds = remains.seconds
    return Execution(ended.ending, ended.exit_code, out, stdout, stderr, seconds, ended.detail, left=left)


def _leaked() -> Tree:
    raise Leaked(_PRINTED)


def _tidy_logs(action: Action, space: Workspace, redactor: Redactor, *, is_result: bool) -> tuple[bool, bool]:
    """Make the logs fit to keep; whether each of them says anything. Of a result all is kept as it is."""
    known = redactor.also(action.ambient.secrets)
    return (
        tidy(space.stdout, limit=None if is_result else KEPT, redactor=Redactor() if is_result else known),
        tidy(space.stderr, limit=KEPT, redactor=known),
    )


def _take_logs(
    space: Workspace, printed: tuple[bool, bool], store: ExecutorStore
) -> tuple[File | None, File | None]:
    return (
        store.take_file(space.stdout, "stdout") if printed[0] else None,
        store.take_file(space.stderr, "stderr") if printed[1] else None,
    )
