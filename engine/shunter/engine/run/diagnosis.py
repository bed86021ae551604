"""A failed execution as a failure that people and planners can act on."""

from __future__ import annotations

import signal

from shunter.engine.actions.failure import Failure, FailureKind
from shunter.engine.actions.model import Action
from shunter.engine.actions.size import size_text
from shunter.engine.executors.protocol import Ending, Execution
from shunter.engine.run.network import network_cause
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import File

TAIL_LINES = 20
TAIL_BYTES = 4096


def diagnose(action: Action, execution: Execution, store: ArtifactStore) -> Failure | None:
    """Why `execution` has no result; None where the command ended well."""
    if execution.ending is Ending.EXITED and execution.exit_code == 0:
        return None
    kind, message, hint = _cause(action, execution)
    said = tail(execution.stderr, store)
    return Failure(
        kind,
        message,
        exit_code=execution.exit_code,
        stderr=said,
        stdout=tail(execution.stdout, store),
        command=action.command.argv,
        hint=hint or _limit_reached(action, said),
    )


def tail(log: File | None, store: ArtifactStore) -> str:
    """The last lines of `log`, without control characters that could repaint a terminal."""
    if log is None:
        return ""
    with store.open(log) as stream:
        stream.seek(max(0, log.size - TAIL_BYTES))
        text = stream.read().decode("utf-8", errors="replace")
    lines = text.splitlines()
    kept = lines[-TAIL_LINES:] if len(lines) > TAIL_LINES else lines
    return "\n".join("".join(c for c in line if c.isprintable() or c == "\t") for line in kept)


def _cause(action: Action, execution: Execution) -> tuple[FailureKind, str, str | None]:
    code = execution.exit_code
    match execution.ending:
        case Ending.TIMED_OUT:
            limit = action.limits.seconds
            return (
                FailureKind.TIMEOUT,
                f"{action.label} ran longer than its limit of {limit:g} s",
                _more("timeout", f"{2 * limit:g}"),
            )
        case Ending.OUT_OF_MEMORY:
            return (
                FailureKind.MEMORY,
                f"{action.label} used more memory than its limit{_memory(action)}",
                _more_memory(action, execution.detail),
            )
        case Ending.WROTE_TOO_MUCH:
            most = size_text(action.limits.disk)
            message = f"{action.label} wrote more in all than its limit of {most}"
            return FailureKind.DISK, message, _more("disk", size_text(2 * action.limits.disk))
        case Ending.NOT_STARTED:
            message = f"the container for {action.label} couldn't be started: {execution.detail}"
            return FailureKind.EXECUTOR, message, "run `shunter doctor` to see what this machine allows"
        case Ending.LEAKED:
            return (
                FailureKind.LEAK,
                f"{action.label} put a secret into its result: {execution.detail}",
                "nothing of it was kept: a function returns what it used the secret for, not the secret",
            )
        case Ending.UNSAFE_OUTPUT:
            return (
                FailureKind.OUTPUT_INVALID,
                f"{action.label} left something that can't be taken: {execution.detail}",
                None,
            )
        case Ending.SIGNALLED:
            return (
                FailureKind.SIGNAL,
                f"{action.label} was ended by {_signal(code)}",
                _too_large(action, code) or execution.detail or None,
            )
    missed = network_cause(action, execution)
    return missed or (
        FailureKind.EXIT,
        f"{action.label} ended with exit code {code}",
        execution.detail or None,
    )


def _memory(action: Action) -> str:
    return f" of {size_text(action.limits.memory)}" if action.limits.memory else ""


def _more_memory(action: Action, detail: str) -> str | None:
    hints = [detail] if detail else []
    if action.limits.memory:
        hints.append(_more("memory", size_text(2 * action.limits.memory)))
    return "; ".join(hints) or None


def _more(limit: str, value: str) -> str:
    return f"a plan can give its step more: `limits: {{{limit}: {value}}}`"


def _too_large(action: Action, code: int | None) -> str | None:
    if code != 128 + signal.SIGXFSZ:
        return None
    return f"a step may write no file of more than {size_text(action.limits.file_size)}"


def _limit_reached(action: Action, said: str) -> str | None:
    """The limit that a program which failed has complained of in the C library's words, or a shell's."""
    limits = action.limits
    processes = f"perhaps it needs more: a step may have at most {limits.processes} processes at once"
    files = f"perhaps it needs more: each of its processes may have at most {limits.open_files} open files"
    told = {
        "Cannot fork": processes,
        "Resource temporarily unavailable": processes,
        "Too many open files": files,
        "File too large": f"a step may write no file of more than {size_text(limits.file_size)}",
    }
    return next((hint for words, hint in told.items() if words in said), None)


def _signal(code: int | None) -> str:
    try:
        return signal.Signals((code or 0) - 128).name
    except ValueError:
        return f"a signal (exit code {code})"
