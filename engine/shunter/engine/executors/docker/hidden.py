"""What a container is given and nobody else may see: secrets, and settings of package indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from shunter.engine.actions.model import Network
from shunter.engine.executors.docker.entry import settings_text
from shunter.engine.executors.local.settings import read_setting
from shunter.engine.executors.local.task import Task
from shunter.engine.executors.local.workspace import Bind


@dataclass(frozen=True, slots=True)
class Hidden:
    """That of one task. Files go through the container's stdin into memory, and onto no disk."""

    task: Task

    @property
    def line(self) -> bytes:
        """What is sent first of all; nothing where there is nothing to hide. Raises InputError."""
        host = self.task.action.network is Network.HOST
        variables = self.task.action.ambient.variables if host else {}
        settings, secrets = self._settings(), self.task.secrets.files
        return settings_text(variables, settings, secrets) if variables or settings or secrets else b""

    @property
    def folders_in_memory(self) -> set[str]:
        """Where the files are; raises InputError."""
        return {str(PurePosixPath(path).parent) for path in (*self._settings(), *self.task.secrets.files)}

    def binds(self) -> Iterator[Bind]:
        """Folders of settings."""
        for target, source in self._sources():
            if Path(source).is_dir():
                yield Bind(Path(source), target)

    def _settings(self) -> Mapping[str, bytes]:
        files = [(path, source) for path, source in self._sources() if not Path(source).is_dir()]
        return {path: read_setting(source) for path, source in files}

    def _sources(self) -> Sequence[tuple[str, str]]:
        """Container path and path on this machine of each file and folder."""
        host = self.task.action.network is Network.HOST
        return list(self.task.action.ambient.files.items()) if host else []
