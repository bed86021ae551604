"""What there is of a container of the sandbox's that has ended."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.local.ended import NO_COMMAND, OF_DOOM, Ended, ended_by_code
from shunter.engine.executors.local.outputs import take_left, take_outputs
from shunter.engine.executors.local.storage import ExecutorStore
from shunter.engine.executors.protocol import Ending
from shunter.engine.executors.sandbox.diagnosis import diagnose
from shunter.engine.executors.sandbox.process import Outcome
from shunter.engine.executors.sandbox.step import Step
from shunter.engine.store.home import is_full
from shunter.engine.store.left import Left
from shunter.engine.store.tree import Tree

_OUT_OF_MEMORY: Final = (
    *("MemoryError", "Cannot allocate memory", "bad_alloc", "out of memory", "OutOfMemory"),
    "memory exhausted",
)
"""What programs say that a per-process limit has stopped: Python, libc, C++, Go and Node, Java, GNU tools."""


@dataclass(frozen=True, slots=True)
class SandboxRemains:
    """The folder of `step`, and how its container ended that `bwrap` made."""

    step: Step
    outcome: Outcome
    store: ExecutorStore
    bwrap: Path

    @property
    def exit_code(self) -> int | None:
        """The command's; None where none was started or it had to be killed."""
        return self.outcome.exit_code

    @property
    def seconds(self) -> float:
        """From its start to its end."""
        return self.outcome.seconds

    def ended(self, said: str) -> Ended:
        """How it ended; raises ExecutorUnavailable where this machine refuses all containers."""
        ended = self._ended(said)
        if not ended.well and is_full(self.store.home):
            home = self.store.home
            detail = f"no space is left for shunter's home folder {home}: make space, or set SHUNTER_HOME"
            return Ended(ended.ending, ended.exit_code, detail)
        return ended

    def outputs(self) -> Tree:
        """Take what is in /out; raises UnsafeOutput, and Leaked where that holds a secret."""
        return take_outputs(self.step.space, self.store, self.step.task.secrets)

    def left(self, taken: Tree) -> Left:
        """Take what is in /work, but for what was `taken` of it already."""
        most, secrets = self.step.task.action.limits.kept, self.step.task.secrets
        return take_left(self.step.space.work, self.store, secrets, most=most, taken=taken)

    def _ended(self, said: str) -> Ended:
        code, group, memory = self.exit_code, self.step.group, self.step.task.action.limits.memory
        if self.outcome.doom in OF_DOOM:
            return Ended(OF_DOOM[self.outcome.doom], code)
        if code != 0 and group is not None and group.ran_out():
            return Ended(Ending.OUT_OF_MEMORY, code)
        if code is None:
            return self._not_started(said)
        if code != 0 and group is None and memory is not None and _tells_of_memory(code, said):
            detail = "probably: this machine limits each of its processes by itself"
            return Ended(Ending.OUT_OF_MEMORY, code, detail)
        return ended_by_code(code)

    def _not_started(self, said: str) -> Ended:
        if self.outcome.problem:
            return Ended(Ending.NOT_STARTED, None, self.outcome.problem)
        diagnosis = diagnose(said, bwrap=self.bwrap)
        if diagnosis.no_command:
            return Ended(Ending.EXITED, NO_COMMAND, diagnosis.reason)
        if diagnosis.remedy is not None:
            raise ExecutorUnavailable(
                f"no container can be started: {diagnosis.reason}", hint=diagnosis.remedy
            )
        return Ended(Ending.NOT_STARTED, None, diagnosis.reason)


def _tells_of_memory(code: int, said: str) -> bool:
    return code == 128 + signal.SIGKILL or any(words in said for words in _OUT_OF_MEMORY)
