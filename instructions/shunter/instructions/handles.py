"""Handles that people and models write where a file or folder is wanted."""

from __future__ import annotations

from shunter.engine import types as t
from shunter.engine.errors import InputError
from shunter.engine.store.handles import PREFIX
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import Directory, File
from shunter.instructions.paths import check_content


def is_handle(text: str) -> bool:
    """Whether `text` is meant as a handle."""
    return text.startswith(PREFIX)


def take_handle(text: str, kind: t.Type, store: ArtifactStore) -> File | Directory:
    """The artifact that a handle names, of type `kind`; raises InputError where it isn't one."""
    found = store.find(text)
    match found, kind:
        case File(name=name), t.File(media=str(wanted)):
            with store.open(found) as stream:
                check_content(text, name, stream.read(media.SNIFFED_BYTES), wanted)
        case (File(), t.Directory()) | (Directory(), t.File()):
            what = "a file" if isinstance(found, File) else "a folder"
            raise InputError(f"{text} is {what}; expected {kind}")
    return found
