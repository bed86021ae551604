"""Files of /etc that a container gets in place of its image's, or of those that the daemon would write."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shunter.engine.actions.model import Network
from shunter.engine.executors.docker.transfer import Transfer
from shunter.engine.executors.local.workspace import Bind
from shunter.engine.executors.sandbox.hostroot import MADE

_ALONE: Final[Mapping[str, bytes]] = {"/etc/hosts": MADE["/etc/hosts"], "/etc/resolv.conf": b""}
"""Without these the daemon shows a step its machine's name servers."""

_CONNECTED: Final[Mapping[str, bytes]] = {
    "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files dns\n"
}
"""With the machine's network, its name servers are meant."""


def system_files(folder: Path, network: Network, transfer: Transfer) -> list[Bind]:
    """What to show a container; the files are laid ready below `folder` once.

    Where they come by archive, the daemon's own files hide some of them.
    """
    files = _CONNECTED if network is Network.HOST else _ALONE if transfer is Transfer.BIND else {}
    return [Bind(_laid_ready(folder, path, content), path) for path, content in files.items()]


def _laid_ready(folder: Path, path: str, content: bytes) -> Path:
    name = f"{Path(path).name}-{len(content)}"
    ready = folder / "etc" / name
    if not ready.exists():
        ready.parent.mkdir(exist_ok=True)
        own = ready.with_name(f"{name}.{os.getpid()}.{threading.get_ident()}")
        own.write_bytes(content)
        own.chmod(0o444)
        own.replace(ready)
    return ready
