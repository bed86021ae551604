"""A step that failed, as data: people read it, planners act on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureKind(Enum):
    """Why a step has no result."""

    EXIT = "exit"  # the command ended with another code than 0
    SIGNAL = "signal"  # the command was ended by a signal that the engine didn't send
    TIMEOUT = "timeout"  # the wall clock limit was reached
    MEMORY = "memory"  # the memory limit was reached, as far as the machine can know it
    DISK = "disk"  # it wrote more in all than it may
    OUTPUT_MISSING = "output-missing"  # the command ended well and left no result
    OUTPUT_INVALID = "output-invalid"  # the result isn't of the type that was declared, or not safe to take
    ARGUMENT = "argument"  # the content of an argument isn't what the plan says it is
    REFUSED_HOST = "refused-host"  # the command asked for a host that it may not reach, and failed
    UNREACHABLE = "unreachable"  # a host that it may reach couldn't be reached
    SECRET = "secret"  # a secret that the command needs can't be read
    LEAK = "leak"  # the command put a secret into its result
    ENVIRONMENT = "environment"  # the packages, or the image, that the function needs can't be had
    NOT_CACHED = "not-cached"  # the cache has no result, and nothing may be run
    EXECUTOR = "executor"  # the container couldn't be started


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened: `message` is one sentence, `stderr` and `stdout` the last lines that it printed.

    `exit_code` is the command's, 128 + N for signal N, or None where no command ended. `hint` says
    what to do, where the engine knows.
    """

    kind: FailureKind
    message: str
    exit_code: int | None = None
    stderr: str = ""
    stdout: str = ""
    command: tuple[str, ...] = ()
    hint: str | None = None
