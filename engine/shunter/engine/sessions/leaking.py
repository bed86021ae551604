"""Secrets of a step in what it hands over as something else.

What it calls does not know them, so they would be kept: with arguments, in results, in the record of the run.
"""

from __future__ import annotations

from collections.abc import Iterator

from shunter.engine.secrets.leaks import is_in
from shunter.engine.secrets.redactor import Redactor
from shunter.engine.secrets.revealed import Revealed
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.store.tree import FileEntry, LinkEntry
from shunter.engine.values import Artifact, File


def holds_secret(artifact: Artifact, secrets: Revealed, store: ArtifactStore) -> bool:
    """Whether a secret is in the content of a file, or in names, links and contents of a folder; blocks."""
    if not secrets.files:
        return False
    own = Redactor(value.decode() for value in secrets.files.values())
    if isinstance(artifact, File):
        return _is_in(artifact, own, store)
    tree = store.get_tree(artifact)
    named = (text for path, entry in tree.entries for text in _names(path, entry))
    if any(own.holds(text.encode("utf-8", "surrogateescape")) for text in named):
        return True
    files = (
        File(path, entry.digest, entry.size, entry.executable)
        for path, entry in tree.entries
        if isinstance(entry, FileEntry)
    )
    return any(_is_in(file, own, store) for file in files)


def _names(path: str, entry: object) -> Iterator[str]:
    yield path
    if isinstance(entry, LinkEntry):
        yield entry.target


def _is_in(file: File, redactor: Redactor, store: ArtifactStore) -> bool:
    with store.open(file) as stream:
        return is_in(stream, redactor)
