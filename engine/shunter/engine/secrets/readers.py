"""The places that secrets are read from without further ado: the environment, and files."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shunter.engine.secrets.command import CommandReader
from shunter.engine.secrets.draining import drain
from shunter.engine.secrets.errors import SecretUnreadable
from shunter.engine.secrets.protocol import SecretReader
from shunter.engine.values.source import Scheme


class EnvironmentReader:
    """Reads variables of `variables`, by default those of shunter's own process."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def check(self, place: str) -> None:
        """Raise SecretUnreadable where the variable isn't set."""
        if place not in self._variables:
            raise SecretUnreadable(f"there is no variable {place}", hint=f"export {place}, and run it again")

    def read(self, place: str, stop: threading.Event) -> bytes:
        """The variable's value."""
        self.check(place)
        return os.fsencode(self._variables[place])


class FileReader:
    """Reads files: regular ones, and pipes that somebody writes to, as in `<(command)`."""

    def __init__(self, *, seconds: float = 10.0) -> None:
        self._seconds = seconds

    def check(self, place: str) -> None:
        """Raise SecretUnreadable where there is no such file, or none that may be read."""
        path = _path(place)
        try:
            if path.is_dir():
                raise SecretUnreadable(f"{path} is a folder", hint="name a file")
            if not os.access(path, os.R_OK, effective_ids=True):
                path.stat()
                raise SecretUnreadable(f"{path} can't be read: Permission denied")
        except OSError as error:
            raise SecretUnreadable(f"{path} can't be read: {error.strerror}") from None

    def read(self, place: str, stop: threading.Event) -> bytes:
        """The file's content."""
        path = _path(place)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            try:
                mode = os.fstat(descriptor).st_mode
                if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                    raise SecretUnreadable(f"{path} is neither a file nor a pipe")
                return drain(descriptor, seconds=self._seconds, stop=stop)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise SecretUnreadable(f"{path} can't be read: {error.strerror}") from None


def _path(place: str) -> Path:
    try:
        return Path(place).expanduser()
    except RuntimeError:
        return Path(place)


READERS: Final[Mapping[Scheme, SecretReader]] = {
    Scheme.ENV: EnvironmentReader(),
    Scheme.FILE: FileReader(),
    Scheme.CMD: CommandReader(),
}
