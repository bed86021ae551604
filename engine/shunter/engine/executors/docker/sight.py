"""Whether a daemon sees the files of this machine, and so how files get into containers and out."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from shunter.engine.errors import UsageError
from shunter.engine.executors.docker.base.frame import STEP
from shunter.engine.executors.docker.daemon import Daemon, Facts, Refused
from shunter.engine.executors.docker.transfer import Transfer, Transfers

VARIABLE: Final = "SHUNTER_DOCKER_FILES"
"""Set to `bind` or `archive` where the daemon shall not be asked."""


def transfers(daemon: Daemon, facts: Facts, image: str, folder: Path) -> Transfers:
    """What this daemon allows; `folder` is one of ours that the look is taken at, `image` any that it has.

    A folder can be bound as /work only where its files may belong to a step's uid, and this user may remove
    them: for root, and for whoever has that uid. Raises UsageError where the setting is off.
    """
    inputs = _asked_for() or (Transfer.BIND if _sees(daemon, image, folder) else Transfer.ARCHIVE)
    own = os.geteuid() in {0, STEP} and not facts.remapped
    return Transfers(inputs, inputs if own else Transfer.ARCHIVE)


def _asked_for() -> Transfer | None:
    setting = os.environ.get(VARIABLE)
    if not setting:
        return None
    try:
        return Transfer(setting)
    except ValueError:
        raise UsageError(
            f"{VARIABLE} is {setting!r}; expected bind or archive",
            hint=f"unset {VARIABLE}, and the daemon is asked what it sees",
        ) from None


def _sees(daemon: Daemon, image: str, folder: Path) -> bool:
    """Whether a file with a random name is there for the daemon, too: a container is made, not started."""
    word = secrets.token_hex(16)
    path = folder / f"seen-{word}"
    path.write_text(word)
    mount = {"Type": "bind", "Source": str(path), "Target": "/in", "ReadOnly": True}
    config = {"Image": image, "Cmd": ["true"], "HostConfig": {"Mounts": [mount], "NetworkMode": "none"}}
    try:
        container = daemon.create(config, f"shunter-look-{word}")
    except Refused:
        return False
    else:
        daemon.remove(container)
        return True
    finally:
        path.unlink()
