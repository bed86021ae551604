"""Exit codes, and which error gets which."""

from __future__ import annotations

from enum import IntEnum

from shunter.engine.errors import (
    ExecutorUnavailable,
    ImageUnavailable,
    InputError,
    NotCached,
    OutputError,
    PlanError,
    ShunterError,
    StoreError,
    UsageError,
)


class Exit(IntEnum):
    """What a command ends with."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PLAN = 3
    REFUSED = 4
    MACHINE = 5
    WORSE = 6
    BUG = 70
    INTERRUPTED = 130


EXIT_HELP = """\
exit codes:
  0  done
  1  a step failed
  2  usage: an option, a name or an input value is off
  3  plan: there is no plan for the goal, or the plan or a module has problems; nothing was started
  4  refused: the plan may do more than was allowed, or would run something offline; nothing was started
  5  machine: no container can be started, no model or image reached, or a folder can't be read or written
  6  worse: results are worse than their baseline (`eval gate`)
  70  a bug in shunter
  130  interrupted"""


def exit_of(error: ShunterError) -> Exit:
    """The exit code for `error`."""
    from shunter.agent.errors import PlannerUnavailable, Refused
    from shunter.cli.unforeseen import Unforeseen

    match error:
        case UsageError() | InputError():
            return Exit.USAGE
        case PlanError():
            return Exit.PLAN
        case Refused() | NotCached():
            return Exit.REFUSED
        case ExecutorUnavailable() | ImageUnavailable() | PlannerUnavailable() | StoreError() | OutputError():
            return Exit.MACHINE
        case Unforeseen():
            return Exit.BUG
    return Exit.FAILED
