"""A user's own files and folders, taken into the store after a look at what they are."""

from __future__ import annotations

from pathlib import Path

from shunter.engine.errors import InputError
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import Directory, File


def path_of(text: str) -> Path:
    """The path that a person wrote; raises InputError for none, which would be the current folder."""
    if not text:
        raise InputError("a path can't be empty")
    return Path(text)


def take_file(path: Path, wanted: str | None, store: ArtifactStore) -> File:
    """The file at `path`, of media type `wanted`; raises InputError where it isn't one."""
    _check_there(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; expected a file", hint="name a file inside it")
    _check_media(path, wanted)
    taken = store.put_path(path)
    if not isinstance(taken, File):
        raise InputError(f"{path} is no regular file")
    return taken


def take_folder(path: Path, store: ArtifactStore) -> Directory:
    """The folder at `path`; raises InputError where it isn't one."""
    _check_there(path)
    if not path.is_dir():
        raise InputError(f"{path} is a file; expected a folder", hint=f"its folder is {path.parent}")
    taken = store.put_path(path)
    assert isinstance(taken, Directory)
    return taken


def media_of(name: str, head: bytes) -> str:
    """A file's media type, by its name, else its first bytes; raises ValueError where they disagree."""
    named = media.of_name(name)
    if named is not None:
        reason = media.refutes(head, named)
        if reason is not None:
            raise ValueError(f"its name says {named}, but {reason}")
        return named
    return media.sniff(head) or ("text/plain" if media.is_text(head) else media.UNKNOWN)


def _check_there(path: Path) -> None:
    try:
        path.stat()
    except FileNotFoundError:
        raise InputError(f"there is no file or folder {path}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"can't look at {path}: {getattr(error, 'strerror', error)}") from None


def _check_media(path: Path, wanted: str | None) -> None:
    """What a person gives where any text is wanted may be JSON, YAML or the like as well."""
    if wanted is None or not path.is_file():
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(media.SNIFFED_BYTES)
    except OSError as error:
        raise InputError(f"can't read {path}: {error.strerror}") from None
    check_content(str(path), path.name, head, wanted)


def check_content(shown: str, name: str, head: bytes, wanted: str) -> None:
    """Raise InputError where a file called `name` that begins with `head` isn't of media type `wanted`."""
    try:
        found = media_of(name, head)
    except ValueError as error:
        raise InputError(f"{shown}: {error}") from None
    if not (media.covers(wanted, found) or (wanted == "text/*" and media.is_textual(found))):
        raise InputError(f"{shown} is {found}; expected {wanted}")
