"""The listener of a container whose image has no Python to open it with.

A second container, of the image that has one, is in the same network: it opens the listener, hands it to the
engine, and is gone. The first one waits meanwhile, at a pipe in its way's folder, before its command runs. So
it takes neither root nor the daemon's pids.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import Final

from shunter.engine.errors import ExecutorUnavailable
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.docker.daemon import Refused
from shunter.engine.executors.docker.host import Ready
from shunter.engine.executors.docker.spec import confinement, mount
from shunter.engine.executors.docker.wayout import GATE, WayOut, listening

_MEMORY: Final = 256 << 20
_PROCESSES: Final = 16


class DoorKeeper:
    """For one container with `way_out`; `image` is one of the daemon's that has a Python."""

    def __init__(self, ready: Ready, image: str, way_out: WayOut) -> None:
        self._ready = ready
        self._image = image
        self._way_out = way_out
        self._gate: int | None = None

    def open(self, container: str) -> None:
        """Have the listener of the running `container` handed over, and let it go on.

        Raises ExecutorUnavailable where that can't be done.
        """
        try:
            code = self._run(container)
        except Refused as refusal:
            raise ExecutorUnavailable(_cannot(refusal.reason)) from refusal
        if code != 0:
            raise ExecutorUnavailable(_cannot(f"what opens it has ended with exit code {code}"))
        self._gate = os.open(self._way_out.folder / GATE, os.O_RDWR | os.O_NONBLOCK)
        os.write(self._gate, b"\n")

    def close(self) -> None:
        """Let go of the pipe, when the container has ended."""
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None

    def _run(self, container: str) -> int:
        daemon = self._ready.daemon
        made = daemon.create(self._config(container), f"shunter-door-{secrets.token_hex(8)}")
        try:
            daemon.start(made)
            return daemon.wait(made).exit_code
        finally:
            with suppress(Refused):
                daemon.remove(made)

    def _config(self, container: str) -> dict[str, object]:
        bind = self._way_out.bind
        return {
            "Image": self._image,
            "Entrypoint": [],
            "Cmd": [*listening(), "/bin/true"],
            "User": f"{STEP}:{STEP}",
            "Labels": dict(self._ready.labels),
            "HostConfig": {
                **confinement(f"container:{container}"),
                "ReadonlyRootfs": True,
                "Memory": _MEMORY,
                "MemorySwap": _MEMORY,
                "PidsLimit": _PROCESSES,
                "Mounts": [mount(str(bind.source), bind.target, read_only=True)],
            },
        }


def _cannot(why: str) -> str:
    return f"the way to a step's hosts can't be opened: {why.strip()}"
