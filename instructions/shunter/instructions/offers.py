"""What a person gives along with a goal: values without declared types, which are told from what they are."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shunter.engine import types as t
from shunter.engine.errors import InputError
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import Artifact, Directory, Secret, Value
from shunter.engine.values.conform import Mismatch, conform
from shunter.engine.values.literal import literal_type, literal_value
from shunter.engine.values.source import is_source, parse_source
from shunter.instructions.handles import is_handle
from shunter.instructions.paths import media_of, path_of, take_file, take_folder

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Offer:
    """A value and its type."""

    type: t.Type
    value: Value


def offers_from_texts(given: Sequence[tuple[str, str]], store: ArtifactStore) -> dict[str, Offer]:
    """What was written on a command line; a name that is given several times is a list.

    A text that names a file or folder is that, and so is a pattern such as `*.wav`; the source of a secret is
    that secret; JSON objects and lists are records and lists; the rest are numbers, `true`, `false`, or text.
    Raises InputError with everything that is wrong.
    """
    texts: dict[str, list[str]] = {}
    for name, text in given:
        texts.setdefault(name, []).append(text)
    return _each(texts, lambda written: _from_texts(written, store))


def paths_or_texts(given: Sequence[tuple[str, str]], store: ArtifactStore) -> dict[str, Offer]:
    """As `offers_from_texts`, but what names no file or folder stays the text that it is."""
    texts: dict[str, list[str]] = {}
    for name, text in given:
        texts.setdefault(name, []).append(text)
    return _each(texts, lambda written: _paths_or_texts(written, store))


def offers_from_objects(given: Mapping[str, object], store: ArtifactStore) -> dict[str, Offer]:
    """What a Python program gives: paths are files and folders, lists and plain data stay what they are.

    A secret is given as `Secret("env:NAME")`: text never becomes one, as it may come from anywhere.
    """
    return _each(given, lambda data: _from_object(data, store))


def _each(given: Mapping[str, Given], offer: Callable[[Given], Offer]) -> dict[str, Offer]:
    offers: dict[str, Offer] = {}
    problems: list[str] = []
    for name, written in given.items():
        try:
            offers[name] = offer(written)
        except InputError as error:
            problems.append(f"{name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
    if problems:
        raise InputError("\n".join(problems))
    return offers


def _from_texts(texts: list[str], store: ArtifactStore) -> Offer:
    paths = _paths(texts)
    if paths is not None:
        return _list([_path(path, store) for path in paths])
    offers = [_from_text(text, store) for text in texts]
    return offers[0] if len(offers) == 1 else _list(offers)


def _paths_or_texts(texts: list[str], store: ArtifactStore) -> Offer:
    if _paths(texts) is not None or any(
        is_handle(text) or (text and (_exists(text) or _looks_like_a_path(text))) for text in texts
    ):
        return _from_texts(texts, store)
    return Offer(t.Str(), texts[0]) if len(texts) == 1 else Offer(t.ListOf(t.Str()), tuple(texts))


def _paths(texts: list[str]) -> list[Path] | None:
    """The files of a pattern; None where none is one."""
    if not any(map(_is_pattern, texts)):
        return None
    found: list[Path] = []
    for text in texts:
        matches = sorted(glob.glob(text, recursive=True)) if glob.has_magic(text) else [text]
        if not matches:
            raise InputError(f"no file matches {text}")
        found += map(Path, matches)
    return found


def _is_pattern(text: str) -> bool:
    if not glob.has_magic(text) or any(character.isspace() for character in text) or "://" in text:
        return False
    if is_source(text):
        return False
    return _looks_like_a_path(text) or bool(glob.glob(text, recursive=True))


def _from_text(text: str, store: ArtifactStore) -> Offer:
    if is_handle(text):
        return _artifact(store.find(text), text, store)
    if is_source(text) and not _exists(text):
        return Offer(t.Secret(), parse_source(text))
    if text and (_exists(text) or _looks_like_a_path(text)):
        return _path(path_of(text), store)
    if text.startswith(("{", "[")):
        try:
            return _plain(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise InputError(f"this begins as JSON and isn't ({error})") from None
    return _plain(_scalar(text))


def _exists(text: str) -> bool:
    try:
        return os.path.exists(text)
    except ValueError:
        return False


def _looks_like_a_path(text: str) -> bool:
    """Whether a text can only be meant as a path, so that a misspelt one isn't taken for words."""
    if any(character.isspace() for character in text) or "://" in text:
        return False
    return text.startswith(("./", "../", "/", "~/")) or text.endswith("/") or media.of_name(text) is not None


def _scalar(text: str) -> object:
    if text in {"true", "false"}:
        return text == "true"
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(number) == text:
            return number
    return text


def _path(path: Path, store: ArtifactStore) -> Offer:
    if path.is_dir():
        return Offer(t.Directory(), take_folder(path, store))
    return _artifact(take_file(path, None, store), str(path), store)


def _artifact(taken: Artifact, shown: str, store: ArtifactStore) -> Offer:
    if isinstance(taken, Directory):
        return Offer(t.Directory(), taken)
    with store.open(taken) as stream:
        head = stream.read(media.SNIFFED_BYTES)
    try:
        found = media_of(taken.name, head)
    except ValueError as error:
        raise InputError(f"{shown}: {error}") from None
    return Offer(t.File(None if found == media.UNKNOWN else found), taken)


def _from_object(data: object, store: ArtifactStore) -> Offer:
    if isinstance(data, Secret):
        return Offer(t.Secret(), data)
    if isinstance(data, os.PathLike):
        return _path(Path(data), store)
    if isinstance(data, str):
        is_path = _exists(data) or (_looks_like_a_path(data) and not is_source(data))
        return _from_text(data, store) if is_path else _plain(data)
    if isinstance(data, list | tuple) and data:
        return _list([_from_object(item, store) for item in data])
    return _plain(data)


def _list(offers: list[Offer]) -> Offer:
    kinds = [offer.type for offer in offers]
    return Offer(t.ListOf(_widest(kinds)), tuple(offer.value for offer in offers))


def _widest(kinds: list[t.Type]) -> t.Type:
    """The narrowest type that all fit; raises InputError where there is none."""
    families = {kind.media.partition("/")[0] for kind in kinds if isinstance(kind, t.File) and kind.media}
    wider = [t.File(f"{family}/*") for family in families]
    candidates: list[t.Type] = [*kinds, *wider, t.File(), t.Float(), t.Str(), t.Json()]
    for candidate in candidates:
        if all(t.fits(kind, candidate) for kind in kinds):
            return candidate
    raise InputError(f"its elements differ: {', '.join(dict.fromkeys(map(str, kinds)))}")


def _plain(data: object) -> Offer:
    try:
        value = literal_value(data)
        kind = literal_type(data)
        return Offer(kind, conform(value, kind))
    except Mismatch as mismatch:
        raise InputError(str(mismatch)) from None
