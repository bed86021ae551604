"""Content laid into folders that containers see, by hard links."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from shunter.engine.store.seal import link_sealed


def make_open(folder: Path, *, below: Path) -> None:
    """Make `folder` and what is missing above it, open to every uid whatever the engine's umask is."""
    if folder == below or folder.is_dir():
        return
    make_open(folder.parent, below=below)
    folder.mkdir()
    folder.chmod(0o755)


def link(source: str | Path, target: str | Path) -> None:
    """Hard links cost 20 µs; where there can't be one more (65,000 on ext4), a copy does as well."""
    try:
        link_sealed(os.fspath(source), os.fspath(target))
    except OSError as error:
        if error.errno not in (errno.EMLINK, errno.EXDEV, errno.EPERM):
            raise
        shutil.copy2(source, target)
