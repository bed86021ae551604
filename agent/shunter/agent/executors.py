"""Which executor runs actions: the one that was asked for, SHUNTER_EXECUTOR's, or the sandbox."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Final

from shunter.engine.errors import UsageError

if TYPE_CHECKING:
    from shunter.engine.executors.protocol import Executor
    from shunter.engine.store.local import LocalStore

VARIABLE: Final = "SHUNTER_EXECUTOR"


class ExecutorKind(Enum):
    """An executor by its name."""

    SANDBOX = "sandbox"
    DOCKER = "docker"


def chosen_kind(variables: Mapping[str, str] = os.environ) -> ExecutorKind:
    """What the environment says, else the sandbox; raises UsageError for a name that no executor has."""
    name = variables.get(VARIABLE, "").strip()
    if not name:
        return ExecutorKind.SANDBOX
    try:
        return ExecutorKind(name)
    except ValueError:
        known = " or ".join(kind.value for kind in ExecutorKind)
        raise UsageError(
            f"{VARIABLE} is {name!r}, and no executor is called that", hint=f"set it to {known}"
        ) from None


def make_executor(kind: ExecutorKind, store: LocalStore, *, notice: Callable[[str], None]) -> Executor:
    """The executor; `notice` takes a sentence where something takes long for once."""
    if kind is ExecutorKind.SANDBOX:
        return _sandbox(store)
    from shunter.engine.executors.docker.executor import DockerExecutor

    return DockerExecutor(store, notice=notice)


def _sandbox(store: LocalStore) -> Executor:
    """Where the cache has everything, what starts containers isn't even imported."""
    from shunter.engine.executors.deferred import DeferredExecutor
    from shunter.engine.executors.sandbox.identity import host_identity

    def make() -> Executor:
        from shunter.engine.executors.sandbox.executor import SandboxExecutor

        return SandboxExecutor(store)

    return DeferredExecutor("sandbox", identity=host_identity, make=make)
