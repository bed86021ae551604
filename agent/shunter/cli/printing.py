"""A single result on standard output."""

from __future__ import annotations

import json
import shutil
import sys

from shunter.cli.document import value_data
from shunter.cli.messages import safe_name
from shunter.engine.store.protocol import ArtifactStore
from shunter.engine.types import media
from shunter.engine.values import File, Value, artifacts


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
