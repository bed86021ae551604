"""A single result on standard output."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping

from shunter.cli.document import value_data
from shunter.cli.messages import safe_name
from shunter.engine.digest import JsonValue
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import Directory, File, Secret, Value, artifacts


def print_value(value: Value, store: ArtifactStore) -> None:
    """Print text and text files as they are, data as JSON; other artifacts are only named."""
    if isinstance(value, str):
        sys.stdout.write(value + ("" if value.endswith("\n") else "\n"))
    elif isinstance(value, File):
        _print_file(value, store)
    else:
        print(json.dumps(value_data(value), indent=2, ensure_ascii=False))
        if any(artifacts(value)):
            _say_how_to_keep()


def print_handles(value: Value, store: ArtifactStore) -> None:
    """Print text as it is, and all else as JSON, in which files and folders are handles."""
    if isinstance(value, File | Directory):
        print(safe_name(store.handle(value)))
    elif isinstance(value, str):
        print_value(value, store)
    else:
        print(json.dumps(_with_handles(value, store), ensure_ascii=False))


def _with_handles(value: Value, store: ArtifactStore) -> JsonValue:
    if isinstance(value, File | Directory):
        return store.handle(value)
    if isinstance(value, Secret):
        return value_data(value)
    if isinstance(value, tuple):
        return [_with_handles(item, store) for item in value]
    if isinstance(value, Mapping):
        return {name: _with_handles(item, store) for name, item in value.items()}
    return value


def _print_file(file: File, store: ArtifactStore) -> None:
    with store.open(file) as stream:
        head = stream.read(media.SNIFFED_BYTES)
        if b"\0" in head or media.sniff(head) is not None:
            print(f"{safe_name(file.name)}, {file.size} bytes")
            _say_how_to_keep()
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(head)
        shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _say_how_to_keep() -> None:
    print("(-o PATH keeps it)", file=sys.stderr)
