"""Inputs as people write them on a command line, as typed values.

Text, numbers, booleans and choices are written as they are, a file or folder as its path, a list by
giving its name again for each element (or a pattern such as `*.wav` for files), a record or Json as
JSON text or as `@FILE`, a secret as its source: `env:NAME`, `file:PATH` or `cmd:COMMAND`.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shunter.engine import types as t
from shunter.engine.errors import InputError, UsageError
from shunter.engine.plan.scope import similar
from shunter.engine.small_file import read_small_file
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.values import Value
from shunter.engine.values.conform import Mismatch, conform, describe
from shunter.engine.values.literal import literal_value
from shunter.instructions.handles import is_handle, take_handle
from shunter.instructions.paths import path_of, take_file, take_folder
from shunter.instructions.sources import take_secret

MAX_BYTES = 64 << 20
"""Of a value that is read from a file, with `@`."""

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value to be given; `default` is used where it isn't and `required` is false."""

    type: t.Type
    required: bool = True
    default: Value = None


def bind_inputs(
    wanted: Mapping[str, Wanted], given: Sequence[tuple[str, str]], store: ArtifactStore, *, flag: str
) -> dict[str, Value]:
    """The value of every wanted name; files and folders enter the store.

    `flag` shows how one is given (`--input {name}=…`). Raises UsageError for unknown and missing names and
    InputError for values that don't fit, each with everything that is wrong.
    """
    texts: dict[str, list[str]] = {}
    for name, text in given:
        texts.setdefault(name, []).append(text)
    return fill(wanted, texts, lambda written, kind: _bind(written, kind, store), flag=flag)


def fill(
    wanted: Mapping[str, Wanted],
    given: Mapping[str, Given],
    bind: Callable[[Given, t.Type], Value],
    *,
    flag: str,
) -> dict[str, Value]:
    """The value of every wanted name, which `bind` makes of what was given; raises as `bind_inputs` does."""
    _check_names(wanted, given.keys(), flag)
    values: dict[str, Value] = {}
    problems: list[str] = []
    for name, declared in wanted.items():
        try:
            values[name] = bind(given[name], declared.type) if name in given else declared.default
        except InputError as error:
            problems.append(f"{name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
    if problems:
        raise InputError("\n".join(problems))
    return values


def _check_names(wanted: Mapping[str, Wanted], given: Set[str], flag: str) -> None:
    problems = [_unknown(name, wanted) for name in given if name not in wanted]
    problems += [
        f"{name} is missing: give {flag.format(name=name)} ({declared.type})"
        for name, declared in wanted.items()
        if declared.required and name not in given
    ]
    if problems:
        raise UsageError("\n".join(problems))


def _unknown(name: str, wanted: Mapping[str, Wanted]) -> str:
    close = similar(name, wanted)
    return f"there is no {name!r}" + (
        f"; did you mean {close[0]}?" if close else f" (there is {', '.join(wanted) or 'nothing to give'})"
    )


def _bind(texts: list[str], kind: t.Type, store: ArtifactStore) -> Value:
    match kind:
        case t.Optional(inner):
            return _bind(texts, inner, store)
        case t.ListOf(item) if not (
            len(texts) == 1 and texts[0].lstrip().startswith("[") and t.is_plain(item)
        ):
            return tuple(_one(text, item, store) for written in texts for text in _globbed(written, item))
    if len(texts) > 1:
        raise InputError(f"given {len(texts)} times; expected one {kind}")
    return _one(texts[0], kind, store)


def _globbed(text: str, item: t.Type) -> list[str]:
    if not isinstance(item, t.File) or not glob.has_magic(text) or os.path.exists(text):
        return [text]
    found = sorted(path for path in glob.glob(text, recursive=True) if os.path.isfile(path))
    if not found:
        raise InputError(f"no file matches {text}")
    return found


def _one(text: str, kind: t.Type, store: ArtifactStore) -> Value:
    match kind:
        case t.Optional(inner):
            return _one(text, inner, store)
        case t.File() | t.Directory() if is_handle(text):
            return take_handle(text, kind, store)
        case t.File(media):
            return take_file(path_of(text), media, store)
        case t.Directory():
            return take_folder(path_of(text), store)
        case t.Secret():
            return take_secret(text)
    try:
        return conform(_parsed(text, kind), kind)
    except Mismatch as mismatch:
        close = f" (one of {', '.join(mismatch.candidates)})" if mismatch.candidates else ""
        raise InputError(f"{mismatch}{close}") from None


def _parsed(text: str, kind: t.Type) -> Value:
    match kind:
        case t.Str() | t.Enum():
            return text
        case t.Int():
            return _number(text, int)
        case t.Float():
            return _number(text, float)
        case t.Bool():
            return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    content = _read_text(Path(text[1:])) if text.startswith("@") else text
    try:
        return literal_value(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise InputError(f"expected {kind} as JSON, got {describe(text)} ({error})") from None


def _number(text: str, kind: type[int | float]) -> Value:
    try:
        return kind(text)
    except ValueError:
        return text


def _read_text(path: Path) -> str:
    try:
        return read_small_file(path, most=MAX_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise InputError(f"can't read {path}: {reason}") from None
