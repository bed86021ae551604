"""A container's description for the daemon: one call carries all that confines it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from shunter.engine.actions.model import Action, Limits, Network
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.local.way import proxy_variables
from shunter.engine.executors.local.workspace import Bind
from shunter.engine.executors.sandbox.arguments import VARIABLES
from shunter.engine.executors.sandbox.hostroot import SHARED_MEMORY

_OWN_PROCESSES: Final = 2
"""The container's first process and the one that waits for the engine's end."""


def container_config(
    action: Action,
    *,
    image: str,
    argv: tuple[str, ...],
    variables: Mapping[str, str],
    binds: Iterable[Bind],
    work: str | None,
    memory_folders: Iterable[str],
    labels: Mapping[str, str],
    sysctls: Mapping[str, str],
) -> Mapping[str, object]:
    """What the API takes to make the container of `action`.

    `work` is the folder of this machine that is seen at /work; None where it is in the container itself.
    `memory_folders` are in memory and gone at the end.
    """
    return {
        "Image": image,
        "Entrypoint": [],
        "Cmd": list(argv),
        "Env": [f"{name}={value}" for name, value in variables.items()],
        "User": f"{STEP}:{STEP}",
        "WorkingDir": "/work",
        "Hostname": "step",
        "Labels": dict(labels),
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "OpenStdin": True,
        "StdinOnce": True,
        "HostConfig": {
            **confinement("host" if action.network is Network.HOST else "none"),
            **_limits(action.limits),
            "Sysctls": {} if action.network is Network.HOST else dict(sysctls),
            "ReadonlyRootfs": work is not None,
            "Mounts": _mounts(binds, work),
            "Tmpfs": {
                "/sys": "ro,size=4k,mode=0555",  # else it tells of all devices of the daemon's machine
                **dict.fromkeys(memory_folders, f"uid={STEP},gid={STEP},mode=0755"),
            },
        },
    }


def step_variables(action: Action, own: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of the command, but for settings that nobody may see; `own` are the image's.

    Raises ValueError for what no environment can hold.
    """
    common = {**own, **VARIABLES, "PATH": own.get("PATH", VARIABLES["PATH"]), "PWD": "/work"}
    proxy = proxy_variables(action.hosts) if action.network is Network.PROXY else {}
    variables = {**common, **proxy, **dict(action.command.variables)}
    for name, value in variables.items():
        if not name or "=" in name or "\0" in name + value:
            raise ValueError(f"no environment variable can be called or hold this: {name!r}")
    return variables


def confinement(network: str) -> Mapping[str, object]:
    """What every container is confined by; `network` is the daemon's name of its network."""
    return {
        "NetworkMode": network,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "Privileged": False,
        "IpcMode": "private",
        "ShmSize": SHARED_MEMORY,
        "LogConfig": {"Type": "none"},
        "RestartPolicy": {"Name": "no"},
    }


def _limits(limits: Limits) -> Mapping[str, object]:
    """Not RLIMIT_NPROC: it counts all processes of the uid on the daemon's machine."""
    hard = {"core": 0, "nofile": limits.open_files, "fsize": limits.file_size}
    memory = {} if limits.memory is None else {"Memory": limits.memory, "MemorySwap": limits.memory}
    return {
        **memory,
        "PidsLimit": limits.processes + _OWN_PROCESSES,
        "Ulimits": [{"Name": name, "Soft": value, "Hard": value} for name, value in hard.items()],
    }


def _mounts(binds: Iterable[Bind], work: str | None) -> list[Mapping[str, object]]:
    own = [] if work is None else [mount(work, "/work", read_only=False)]
    return own + [mount(str(bind.source), bind.target, read_only=True) for bind in binds]


def mount(source: str, target: str, *, read_only: bool) -> Mapping[str, object]:
    """A folder or file of the daemon's machine in a container."""
    private = {"Propagation": "rprivate"}
    return {
        "Type": "bind",
        "Source": source,
        "Target": target,
        "ReadOnly": read_only,
        "BindOptions": private,
    }
