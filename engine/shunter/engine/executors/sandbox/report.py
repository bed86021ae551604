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
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.home import is_full
from shunter.engine.store.tree import Tree
from shunter.engine.values import File

_NOTHING: Final = Tree(())

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
) -> Execution:
    """Take logs and outputs of `space` into `store`; outputs only where the command ended with 0.

    Raises ExecutorUnavailable where this machine refuses containers, and not just this one.
    """
    said = tail(space.stderr)
    ending, code, detail = _ending(action, outcome, group, said, bwrap)
    out = taken = _NOTHING
    if ending is Ending.EXITED and code == 0:
        try:
            out = taken = _take_out(space, store)
        except UnsafeOutput as error:
            ending, detail, taken = Ending.UNSAFE_OUTPUT, error.message, error.taken
    elif is_full(store.home):
        detail = f"no space is left for shunter's home folder {store.home}: make space, or set SHUNTER_HOME"
    stdout, stderr = _take_logs(action, space, store)
    most, gone = action.limits.kept, taken.inside("out")
    left = keep_left(action, ending, code, out, lambda: store.take_left(space.work, most=most, taken=gone))
    return Execution(ending, code, out, stdout, stderr, outcome.seconds, detail, left=left)


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


def _take_logs(action: Action, space: Workspace, store: SandboxStore) -> tuple[File | None, File | None]:
    """What was printed; stdout is whole where it is the result."""
    limit = None if isinstance(action.returns.source, Stdout) else KEPT
    secrets = action.ambient.secrets
    stdout = tidy(space.stdout, limit=limit, secrets=secrets)
    stderr = tidy(space.stderr, limit=KEPT, secrets=secrets)
    return (
        store.take_file(space.stdout, "stdout") if stdout else None,
        store.take_file(space.stderr, "stderr") if stderr else None,
    )
