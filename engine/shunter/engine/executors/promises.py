"""What is promised of every step's container: one list for executors, `shunter doctor`, docs and tests.

`docs/isolation.md` has a row for each with the test that holds it, and `tests/conformance` runs these tests
against every executor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Promise(Enum):
    """A promise by the name that people see."""

    CONTAINERS = "containers"
    USER = "user"
    PRIVILEGES = "privileges"
    SYSTEM_CALLS = "system calls"
    NAMESPACES = "nested namespaces"
    PROCESSES = "processes"
    DEVICES = "devices"
    NETWORK = "network"
    HOSTS = "declared hosts"
    CALLS = "calls"
    ENVIRONMENT = "environment"
    SURROUNDINGS = "surroundings"
    SYSTEM = "read-only system"
    KERNEL = "kernel settings"
    HOST_FILES = "host files"
    INPUTS = "inputs"
    SECRETS = "secrets"
    OUTPUTS = "outputs"
    ENDINGS = "endings"
    TIME = "time limit"
    CANCELLING = "cancelling"
    ENGINE = "engine's end"
    MEMORY = "memory limit"
    PROCESS_LIMIT = "process limit"
    FILES = "file limits"
    DISK = "disk limit"
    LOGS = "logs"
    PYTHON = "python"
    ROOT = "root file system"


PYTHON: Final = (3, 11)
"""The oldest Python that modules may be written for."""

PROMISED: Final[Mapping[Promise, str]] = {
    Promise.CONTAINERS: "each step runs in a container of its own, or not at all",
    Promise.USER: "a step is an ordinary user, never this machine's root",
    Promise.PRIVILEGES: "a step has no capability, and no way to new privileges",
    Promise.SYSTEM_CALLS: "seccomp refuses calls that lead out of containers",
    Promise.NAMESPACES: "a step can make no namespaces of its own",
    Promise.PROCESSES: "a step sees no processes but its own",
    Promise.DEVICES: "there are no devices but null, zero, random and the like",
    Promise.NETWORK: "without declared hosts there is loopback and nothing else",
    Promise.HOSTS: "declared hosts are reached through a proxy, others aren't",
    Promise.CALLS: "a step calls by a socket and a token of its own, or not at all",
    Promise.ENVIRONMENT: "a step gets none of the caller's variables and open files",
    Promise.SURROUNDINGS: "clock zone, locale, umask and host name never differ",
    Promise.SYSTEM: "/work, /out, /tmp and /dev/shm can be written, no more",
    Promise.KERNEL: "no setting in /proc/sys can be opened for writing",
    Promise.HOST_FILES: "this machine's homes, work and /etc/shadow aren't seen",
    Promise.INPUTS: "inputs are read under any name, and can't be changed",
    Promise.SECRETS: "secrets are in memory, seen by their step alone, and not kept",
    Promise.OUTPUTS: "files, folders and inner symlinks are taken, nothing else",
    Promise.ENDINGS: "exit codes, signals and missing commands are told apart",
    Promise.TIME: "at its time limit a step ends with all that it started",
    Promise.CANCELLING: "a cancelled step is gone with all that it started",
    Promise.ENGINE: "a killed engine leaves no process of a step behind",
    Promise.MEMORY: "a step's memory is limited, and running out of it is told",
    Promise.PROCESS_LIMIT: "each step's processes are limited by themselves",
    Promise.FILES: "open files, and the size of each file, are limited",
    Promise.DISK: "all that a step writes is limited together",
    Promise.LOGS: "logs of any size take no memory, and their end is kept",
    Promise.PYTHON: f"steps find /usr/bin/python3, {'.'.join(map(str, PYTHON))} or later",
    Promise.ROOT: "a result counts for the root file system it was made on",
}
"""Each promise in a sentence."""


class Enforced(Enum):
    """Whether a promise holds on this machine."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `shunter doctor`.

    `detail` says how it is enforced, which may go without saying, or why it isn't; `remedy` what to do then.
    """

    promise: Promise
    enforced: Enforced
    detail: str = ""
    remedy: str | None = None
