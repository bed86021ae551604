"""Removing content that nothing refers to, a little at a time, while others go on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shunter.engine.store.local import Parts
from shunter.engine.store.scratch import discard
from shunter.engine.upkeep.items import Item, Stored, digest_of_item, is_folder
from shunter.engine.upkeep.references import References

_BATCH = 32
"""Folders that are put aside at a time."""

_CLOSED = 0.01
"""Seconds for which the gate is closed; a busy disk takes a millisecond or two to remove one file."""

_PAUSE = 0.001
"""Seconds between two batches in which those who wait at the gate get through."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files and folders were removed."""

    files: int
    folders: int


def sweep(parts: Parts, stored: Mapping[Item, Stored], references: References, cutoff: float) -> Swept:
    """Remove what of `stored` isn't in `references` and wasn't needed since `cutoff`.

    Folders come first; the files of those that turn out to be needed are added to `references`.
    """
    folders = [item for item in stored if is_folder(item) and item not in references]
    removed = [sum(_folders(parts, batch, references, cutoff)) for batch in _batches(folders)]
    files = iter([item for item in stored if not is_folder(item) and item not in references])
    count = 0
    while (some := _files(parts, files, cutoff)) is not None:
        count += some
        time.sleep(_PAUSE)
    return Swept(count, sum(removed))


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _BATCH):
        if start:
            time.sleep(_PAUSE)
        yield items[start : start + _BATCH]


def _files(parts: Parts, items: Iterator[Item], cutoff: float) -> int | None:
    """Remove as many files as can be within a moment; how many, or None where there are no more."""
    count = None
    with parts.gate.closed():
        deadline = time.monotonic() + _CLOSED
        for item in items:
            count = (count or 0) + _remove_file(parts, item, cutoff)
            if time.monotonic() > deadline:
                break
    return count


def _remove_file(parts: Parts, item: Item, cutoff: float) -> bool:
    digest, executable = digest_of_item(item), item.endswith(".x")
    with suppress(FileNotFoundError):
        if os.stat(parts.blobs.path(digest, executable=executable)).st_atime < cutoff:
            parts.blobs.discard(digest, executable=executable)
            return True
    return False


def _folders(parts: Parts, items: Sequence[Item], references: References, cutoff: float) -> Iterator[bool]:
    """Out of sight while the gate is closed, which is quick; removed for good afterwards."""
    aside = []
    with parts.gate.closed():
        for item in items:
            if _needed(parts, item) >= cutoff:
                references.add([item])
            elif (moved := _move_aside(parts, item)) is not None:
                aside.append(moved)
    for path in aside:
        discard(path)
        yield True


def _needed(parts: Parts, item: Item) -> float:
    """When a folder was last needed; one without a list of entries is as old as it is itself."""
    digest = digest_of_item(item)
    with suppress(FileNotFoundError):
        return os.stat(parts.trees.manifest_path(digest)).st_atime
    with suppress(FileNotFoundError):
        return os.stat(parts.trees.path(digest)).st_mtime
    return 0.0


def _move_aside(parts: Parts, item: Item) -> Path | None:
    digest, aside = digest_of_item(item), parts.scratch.path("removed")
    Path(parts.trees.manifest_path(digest)).unlink(missing_ok=True)
    try:
        os.rename(parts.trees.path(digest), aside)
    except FileNotFoundError:
        return None
    return aside
