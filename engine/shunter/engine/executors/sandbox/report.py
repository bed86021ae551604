"""What a container left behind, taken into the store."""

from __future__ import annotations

import signal
import stat
from pathlib import Path
from typing import Final

from shunter.engine.actions.model import Action, Stdout
from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.result import keep_left
from shunter.engine.executors.sandbox.cgroup import MemoryGroup
from shunter.engine.executors.sandbox.diagnosis import diagnose
from shunter.engine.executors.sandbox.logs import KEPT, tail, tidy
from shunter.engine.executors.sandbox.process import Outcome
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.executors.sandbox.workspace import Workspace
from shunter.engine.secrets.leaks import leak_of, scrub, was_printed
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.home import is_full
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree
from shunter.engine.values import File

_NOTHING: Final = Tree(())

PRINTED: Final = "stdout, which is its result"
"""Where a secret is that was printed as a result."""

NO_COMMAND: Final = 127
"""What a shell ends with for a command that isn't there."""

_OUT_OF_MEMORY: Final = (
    *("MemoryError", "Cannot allocate memory", "bad_alloc", "out of memory", "OutOfMemory"),
    "memory exhausted",
)
"""What programs say that a per-process limit has stopped: Python, libc, C++, Go and Node, Java, GNU tools."""

_NOT_BY_SIGNAL: Final = frozenset(
    {signal.SIGHUP, signal.SIGWINCH, signal.SIGURG, signal.SIGCHLD, signal.SIGCONT}
)
"""Codes beyond 128 that programs choose themselves (git ends with 129), as these signals hardly end one."""


def report(
    action: Action,
    space: Workspace,
    outcome: Outcome,
    *,
    store: SandboxStore,
    group: MemoryGroup | None,
    bwrap: Path,
    secrets: Revealed,
) -> Execution:
    """Take logs and outputs of `space` into `store`; outputs only where the command ended with 0.

    Logs are redacted first; outputs that hold a secret stay where they are.

    Raises ExecutorUnavailable where this machine refuses containers, and not just this one.
    """
    leak = _leak(action, space, outcome, secrets)
    is_result = outcome.exit_code == 0 and leak is None and isinstance(action.returns.source, Stdout)
    printed = tidy_logs(action, space, secrets.redactor, is_result=is_result)
    ending, code, detail = _ending(action, outcome, group, tail(space.stderr), bwrap)
    out = taken = _NOTHING
    if ending is Ending.EXITED and code == 0:
        try:
            if leak is None:
                out = taken = _take_out(space, store)
            else:
                ending, detail = Ending.LEAKED, leak
        except UnsafeOutput as error:
            ending, detail, taken = Ending.UNSAFE_OUTPUT, error.message, error.taken
    elif is_full(store.home):
        detail = f"no space is left for shunter's home folder {store.home}: make space, or set SHUNTER_HOME"
    stdout, stderr = take_logs(space, printed, store)
    most, gone = action.limits.kept, taken.inside("out")

    def take_left() -> Left:
        scrub(space.work, secrets.redactor)
        return store.take_left(space.work, most=most, taken=gone)

    left = keep_left(action, ending, code, out, take_left)
    return Execution(ending, code, out, stdout, stderr, outcome.seconds, detail, left=left)


def take_logs(
    space: Workspace, printed: tuple[bool, bool], store: SandboxStore
) -> tuple[File | None, File | None]:
    """Take the logs, which are fit to keep, where they say anything."""
    return (
        store.take_file(space.stdout, "stdout") if printed[0] else None,
        store.take_file(space.stderr, "stderr") if printed[1] else None,
    )


def _leak(action: Action, space: Workspace, outcome: Outcome, secrets: Revealed) -> str | None:
    """Where in the result one of the action's secrets is."""
    if outcome.exit_code != 0 or not secrets.files:
        return None
    if isinstance(action.returns.source, Stdout) and was_printed(space.stdout, secrets):
        return PRINTED
    leak = leak_of(space.out, secrets) if space.out.is_dir() and not space.out.is_symlink() else None
    return None if leak is None else f"/out/{leak}"


def _ending(
    action: Action, outcome: Outcome, group: MemoryGroup | None, said: str, bwrap: Path
) -> tuple[Ending, int | None, str]:
    code, memory = outcome.exit_code, action.limits.memory
    if outcome.timed_out:
        return Ending.TIMED_OUT, code, ""
    if code != 0 and group is not None and group.ran_out():
        return Ending.OUT_OF_MEMORY, code, ""
    if code is None:
        return _not_started(outcome, said, bwrap)
    if code != 0 and group is None and memory is not None and _tells_of_memory(code, said):
        return Ending.OUT_OF_MEMORY, code, "probably: this machine limits each of its processes by itself"
    ending, detail = ending_by_code(code)
    return ending, code, detail


def _not_started(outcome: Outcome, said: str, bwrap: Path) -> tuple[Ending, int | None, str]:
    if outcome.problem:
        return Ending.NOT_STARTED, None, outcome.problem
    diagnosis = diagnose(said, bwrap=bwrap)
    if diagnosis.no_command:
        return Ending.EXITED, NO_COMMAND, diagnosis.reason
    if diagnosis.remedy is not None:
        raise ExecutorUnavailable(f"no container can be started: {diagnosis.reason}", hint=diagnosis.remedy)
    return Ending.NOT_STARTED, None, diagnosis.reason


def _tells_of_memory(code: int, said: str) -> bool:
    return code == 128 + signal.SIGKILL or any(words in said for words in _OUT_OF_MEMORY)


def ending_by_code(code: int) -> tuple[Ending, str]:
    """How a command ended whose exit code is `code`, and what can be said of it beyond that."""
    try:
        name = signal.Signals(code - 128)
    except ValueError:
        return Ending.EXITED, ""
    if name in _NOT_BY_SIGNAL:
        return Ending.EXITED, ""
    return Ending.SIGNALLED, "perhaps the machine ran out of memory" if name is signal.SIGKILL else ""


def _take_out(space: Workspace, store: SandboxStore) -> Tree:
    try:
        mode = space.out.lstat().st_mode
    except FileNotFoundError:
        return _NOTHING
    if not stat.S_ISDIR(mode):
        raise UnsafeOutput("/out was replaced by something that isn't a folder")
    return store.take_folder(space.out)


def tidy_logs(action: Action, space: Workspace, redactor: Redactor, *, is_result: bool) -> tuple[bool, bool]:
    """Make the logs fit to keep; whether each of them says anything. Of a result all is kept as it is."""
    known = redactor.also(action.ambient.secrets)
    return (
        tidy(space.stdout, limit=None if is_result else KEPT, redactor=Redactor() if is_result else known),
        tidy(space.stderr, limit=KEPT, redactor=known),
    )
