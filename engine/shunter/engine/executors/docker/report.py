"""What a container left behind, taken into the store."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Final

from shunter.engine.actions.model import Action, Stdout
from shunter.engine.executors.docker.container import Doom, Outcome
from shunter.engine.executors.docker.entry import NO_COMMAND, NOT_GIVEN
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.executors.result import keep_left
from shunter.engine.executors.sandbox.logs import tail
from shunter.engine.executors.sandbox.report import PRINTED, ending_by_code, take_logs, tidy_logs
from shunter.engine.executors.sandbox.storage import SandboxStore
from shunter.engine.executors.sandbox.workspace import Workspace
from shunter.engine.secrets.leaks import was_printed
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.errors import UnsafeOutput
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree

_NOTHING: Final = Tree(())
_NO_COMMAND: Final = 127
_NOT_GIVEN: Final = 126


_IN_FRONT: Final = 'exec: "/bin/sh"'
"""What the daemon says of a shell that isn't there."""

NO_SHELL: Final = (
    "its image has no /bin/sh, by which a step is started and given its secrets under Docker; "
    "the sandbox takes an image without one"
)


class Leaked(Exception):
    """A secret is in /out; says where."""


def report(
    action: Action,
    space: Workspace,
    outcome: Outcome,
    *,
    store: SandboxStore,
    outputs: Callable[[], Tree],
    left: Callable[[Tree], Left | None],
    secrets: Revealed,
) -> Execution:
    """Take the logs of `space`, redacted; `outputs` takes what is in /out, where the command ended with 0.

    It raises Leaked where that holds a secret. `left` takes what is in /work, but for what was taken of it
    already and for secrets, where it failed.
    """
    prints = isinstance(action.returns.source, Stdout) and _ended_well(outcome)
    leaked = prints and was_printed(space.stdout, secrets)
    printed = tidy_logs(action, space, secrets.redactor, is_result=prints and not leaked)
    ending, code, detail = _ending(action, outcome, tail(space.stderr))
    out = taken = _NOTHING
    if ending is Ending.EXITED and code == 0:
        try:
            if leaked:
                raise Leaked(PRINTED)
            out = taken = outputs()
        except Leaked as leak:
            ending, detail = Ending.LEAKED, str(leak)
        except UnsafeOutput as error:
            ending, detail, taken = Ending.UNSAFE_OUTPUT, error.message, error.taken
    stdout, stderr = take_logs(space, printed, store)
    kept = keep_left(action, ending, code, out, lambda: left(taken.inside("out")))
    return Execution(ending, code, out, stdout, stderr, outcome.seconds, detail, left=kept)


def _ended_well(outcome: Outcome) -> bool:
    return outcome.doom is None and outcome.state is not None and outcome.state.exit_code == 0


def _ending(action: Action, outcome: Outcome, said: str) -> tuple[Ending, int | None, str]:
    if outcome.doom is Doom.PRINTED_TOO_MUCH:
        return Ending.SIGNALLED, 128 + signal.SIGXFSZ, "it printed more than a file may hold"
    if outcome.doom is not None:
        return Ending.TIMED_OUT, None, ""
    if outcome.state is None:
        return Ending.NOT_STARTED, None, NO_SHELL if _IN_FRONT in outcome.problem else outcome.problem
    code = outcome.state.exit_code
    if code != 0 and outcome.state.out_of_memory:
        return Ending.OUT_OF_MEMORY, code, ""
    if code == _NO_COMMAND:
        return Ending.EXITED, code, _said(NO_COMMAND, said)
    if code == _NOT_GIVEN and (why := _said(NOT_GIVEN, said)):
        return Ending.EXITED, code, why
    ending, detail = ending_by_code(code)
    return ending, code, detail


def _said(begin: str, said: str) -> str:
    """What the container's first process said of why it started no command."""
    lines = [line for line in said.splitlines() if line.startswith(begin)]
    return lines[-1] if lines else ""
