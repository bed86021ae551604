"""The user's own settings files, such as those of package indexes, read for the build of an environment."""

from __future__ import annotations

from pathlib import Path

from shunter.engine.errors import InputError


def read_setting(source: str) -> bytes:
    """What is in a settings file of this machine; raises InputError."""
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(
            f"the settings file {source} can't be read: {error.strerror}",
            hint="mend or remove the setting that names it",
        ) from error
