"""Actions for executors under test, and running them."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from shunter.engine.actions.image import Image
from shunter.engine.actions.model import Action, Command, Inline, Limits, Mount, Network, Returns
from shunter.engine.digest import digest_bytes
from shunter.engine.executors.protocol import Execution, Executor
from shunter.engine.secrets.revealed import NOTHING, Revealed
from shunter.engine.store.local import LocalStore
from shunter.engine.store.tree import Entry
from shunter.engine.types import Json
from shunter.engine.values import Directory, File


def step(
    *argv: str,
    mounts: Sequence[Mount] = (),
    inline: Sequence[Inline] = (),
    stdin: File | bytes | None = None,
    variables: Sequence[tuple[str, str]] = (),
    limits: Limits | None = None,
    hosts: Sequence[str] = (),
    image: Image | None = None,
) -> Action:
    """An action that runs `argv` in `image` and may reach `hosts`; half a minute at most."""
    return Action(
        label="step",
        identity=digest_bytes(repr(argv).encode()),
        arguments={},
        command=Command(argv, tuple(variables), stdin),
        returns=Returns(Json()),
        mounts=tuple(mounts),
        inline=tuple(inline),
        limits=limits or Limits(seconds=30),
        network=Network.PROXY if hosts else Network.NONE,
        hosts=tuple(hosts),
        image=image,
    )


def shell(script: str, **options: object) -> Action:
    """An action that runs a shell script."""
    return step("/bin/sh", "-c", script, **options)  # type: ignore[arg-type]


def execute(
    executor: Executor,
    action: Action,
    prepared: Sequence[tuple[str, Directory]] = (),
    secrets: Revealed = NOTHING,
) -> Execution:
    """Run `action` to its end."""
    return asyncio.run(executor.execute(action, prepared, secrets))


def text(store: LocalStore, file: File | None) -> str:
    """What a log holds; nothing where there is none."""
    return "" if file is None else store.blob_path(file).read_text()


def entries(execution: Execution) -> dict[str, Entry]:
    """What was left in /out, by path."""
    return dict(execution.out.entries)


def processes_with(marker: str) -> list[int]:
    """The processes of this machine that have `marker` on their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def descriptors() -> Counter[str]:
    """What this process has open, each by what it leads to, with how often."""
    found: Counter[str] = Counter()
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the listing's own
            found[_leads_to(int(number))] += 1
    return found


def _leads_to(descriptor: int) -> str:
    place = os.readlink(f"/proc/self/fd/{descriptor}")
    kind = place.partition(":")[0]
    if kind != "socket":
        return kind
    with socket.socket(fileno=os.dup(descriptor)) as way:
        try:
            peer = way.getpeername()
        except OSError:
            return kind
    return f"a connection to unix://{peer}" if peer and way.family == socket.AF_UNIX else kind
