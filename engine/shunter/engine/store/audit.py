"""Whether stored content is there, and whether it still is what its digest says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.digest import Digest
from shunter.engine.store.blobs import Blobs, prove
from shunter.engine.store.home import Home
from shunter.engine.store.trees import Trees
from shunter.engine.values import Artifact, Directory


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the home folder that isn't what its name says."""

    path: Path
    reason: str


class Audit:
    """Looks at content without giving it. OSErrors are the caller's to translate, with `Home.guard`."""

    def __init__(self, home: Home, blobs: Blobs, trees: Trees) -> None:
        self._home = home
        self._blobs = blobs
        self._trees = trees

    def is_there(self, artifact: Artifact) -> bool:
        """A cheap look: bytes are read only where something was done to a file since the last look."""
        if isinstance(artifact, Directory):
            return self._trees.has(artifact.digest)
        return self._blobs.has(artifact.digest, artifact.size, executable=artifact.executable)

    def keep(self, artifact: Artifact) -> bool:
        """The same look, for whoever is going to need the content: it counts as young from now on."""
        if isinstance(artifact, Directory):
            return self._trees.keep(artifact.digest)
        return self._blobs.keep(artifact.digest, artifact.size, executable=artifact.executable)

    def is_intact(self, artifact: Artifact) -> bool:
        """A full look, at every byte. What is damaged is removed, so that it can be made again."""
        if not self.is_there(artifact):
            return False
        if isinstance(artifact, Directory):
            intact = self._trees.damage(artifact.digest) is None
            if not intact:
                self._trees.discard(artifact.digest)
            return intact
        path = self._blobs.path(artifact.digest, executable=artifact.executable)
        intact = prove(path, artifact.digest, executable=artifact.executable)
        if not intact:
            self._blobs.discard(artifact.digest, executable=artifact.executable)
        return intact

    def damages(self) -> Iterator[Damage]:
        """Read all that is stored, and yield what is damaged, removing nothing."""
        for path in sorted(self._home.blobs.glob("??/*")):
            executable = path.suffix == ".x"
            if not prove(os.fspath(path), Digest(path.stem), executable=executable):
                yield Damage(path, "the file's content differs from its digest")
        for path in sorted(self._home.trees.glob("??/*.json")):
            reason = self._trees.damage(Digest(path.stem))
            if reason is not None:
                yield Damage(path.with_suffix(""), reason)
