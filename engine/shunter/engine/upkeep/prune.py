"""Making room: what was used least recently goes first, and then what nothing refers to.

Who refers to content goes before the content, so that whatever ends a prune, nothing that is left says that
there is content that is gone.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shunter.engine.errors import UsageError
from shunter.engine.store.index import Index
from shunter.engine.store.lease import oldest_lease
from shunter.engine.store.local import LocalStore, Parts
from shunter.engine.store.rows import Row
from shunter.engine.store.scratch import discard
from shunter.engine.upkeep.disk import usage
from shunter.engine.upkeep.holders import Holder, HolderKind, all_holders, all_indexes
from shunter.engine.upkeep.items import Contents, Item, Stored, is_folder, stored_files, stored_folders, total
from shunter.engine.upkeep.references import References
from shunter.engine.upkeep.sweep import Swept, sweep

FLOOR: Final = 3600.0
"""Seconds; what was used within them stays, whatever is wanted."""

SHORTEST_FLOOR: Final = 120.0
"""Use is noted to a minute, and so nothing can be said of less."""

RUNS_KEPT: Final = 20
"""The latest runs, which keep their folders."""


@dataclass(frozen=True, slots=True)
class PruneLimits:
    """What may stay: at most `max_size` bytes, and nothing that wasn't used for `older_than` seconds.

    Raises UsageError for a floor that can't be kept.
    """

    max_size: int | None = None
    older_than: float | None = None
    floor: float = FLOOR

    def __post_init__(self) -> None:
        if self.floor < SHORTEST_FLOOR:
            raise UsageError(
                f"the floor is {self.floor:g} seconds; it can be {SHORTEST_FLOOR:g} at the least"
            )


@dataclass(frozen=True)
class Pruned:
    """What went, or would go: holders by kind, content, and bytes of the home folder before and after.

    `excess` is by how many bytes the home is still larger than was wanted, all of it in use or young.
    """

    holders: Mapping[HolderKind, int]
    files: int
    folders: int
    before: int
    after: int
    excess: int = 0


@dataclass
class _Picture:
    """A home folder at one moment."""

    parts: Parts
    indexes: list[Index]
    holders: Sequence[Holder]
    stored: Mapping[Item, Stored]
    contents: Contents
    size: int
    cutoff: float
    references: References = field(init=False)

    def __post_init__(self) -> None:
        self.references = References(self.stored, self.contents)
        for holder in self.holders:
            self.references.add(holder.items)

    def loose(self) -> list[Item]:
        """What nothing refers to and is old enough to go; a folder that stays keeps its files."""
        kept = References(self.stored, self.contents)
        kept.add(
            item
            for item, found in self.stored.items()
            if is_folder(item) and item not in self.references and found.needed >= self.cutoff
        )
        return [
            item
            for item, found in self.stored.items()
            if item not in self.references and item not in kept and found.needed < self.cutoff
        ]

    def bytes_of(self, items: Iterable[Item]) -> int:
        """What items take on the disk, without what is in folders."""
        return sum(
            self.contents.size(item, self.stored) if is_folder(item) else self.stored[item].size
            for item in items
        )


def prune(store: LocalStore, runs: Path, limits: PruneLimits, *, dry: bool) -> Pruned:
    """Remove what `limits` don't let stay, but nothing in use or young; `dry` only says what it would.

    Raises StoreError. Runs may be going on meanwhile; of several prunes, one waits for the other.
    """
    parts = store.parts
    with parts.home.guard(), parts.locks.named("prune"), ExitStack() as stack:
        if not dry:
            parts.scratch.sweep()
        indexes = all_indexes(parts)
        for index in indexes[1:]:
            stack.callback(index.close)
        picture = _look(parts, indexes, runs, limits)
        victims = _victims(picture, limits)
        planned = _planned(picture, victims, limits)
        if dry:
            return planned
        counts = _drop(parts, victims)
        swept = _sweep(picture, runs)
        _tidy(parts, runs, indexes, picture.cutoff)
        after = _size(parts, _stored(parts), picture.contents)
        excess = 0 if limits.max_size is None else max(0, after - limits.max_size)
        return Pruned(counts, swept.files, swept.folders, picture.size, after, excess)


def _look(parts: Parts, indexes: list[Index], runs: Path, limits: PruneLimits) -> _Picture:
    """The leases come first: whoever begins later finds what it needs in place, or makes it again."""
    now = time.time()
    cutoff = min(now, oldest_lease(parts.home) or now) - limits.floor
    stored, contents = _stored(parts), Contents(parts.trees)
    holders = all_holders(parts, indexes, runs)
    return _Picture(parts, indexes, holders, stored, contents, _size(parts, stored, contents), cutoff)


def _stored(parts: Parts) -> dict[Item, Stored]:
    return {**stored_files(parts.home.blobs), **stored_folders(parts.home.trees)}


def _size(parts: Parts, stored: Mapping[Item, Stored], contents: Contents) -> int:
    """What the home takes, without a look at every name that a file has in folders."""
    content = {parts.home.blobs, parts.home.trees}
    return total(stored, contents) + sum(
        usage(path) for path in parts.home.root.iterdir() if path not in content
    )


def _victims(picture: _Picture, limits: PruneLimits) -> list[Holder]:
    """Those that go, the least recently used first."""
    oldest = -math.inf if limits.older_than is None else time.time() - limits.older_than
    room = math.inf if limits.max_size is None else float(limits.max_size)
    size = picture.size - picture.bytes_of(picture.loose())
    victims = []
    for holder in _candidates(picture):
        if holder.last_used >= oldest and size <= room:
            break
        size -= holder.size + picture.references.drop(holder.items)
        victims.append(holder)
    return victims


def _candidates(picture: _Picture) -> Iterator[Holder]:
    runs = sorted(
        (holder for holder in picture.holders if holder.kind is HolderKind.RUN),
        key=lambda holder: str(holder.source),
        reverse=True,
    )
    others = [holder for holder in picture.holders if holder.kind is not HolderKind.RUN]
    for holder in sorted([*others, *runs[RUNS_KEPT:]], key=lambda holder: holder.last_used):
        if holder.last_used < picture.cutoff:
            yield holder


def _planned(picture: _Picture, victims: Sequence[Holder], limits: PruneLimits) -> Pruned:
    """What would be there afterwards; the references of `victims` are dropped already."""
    loose = picture.loose()
    freed = picture.bytes_of(loose) + sum(holder.size for holder in victims)
    after = picture.size - freed
    folders = sum(map(is_folder, loose))
    excess = 0 if limits.max_size is None else max(0, after - limits.max_size)
    return Pruned(_counted(victims), len(loose) - folders, folders, picture.size, after, excess)


def _counted(holders: Iterable[Holder]) -> dict[HolderKind, int]:
    counts = Counter(holder.kind for holder in holders)
    return {kind: counts[kind] for kind in HolderKind}


def _drop(parts: Parts, victims: Sequence[Holder]) -> dict[HolderKind, int]:
    """Forget them; a result that was used meanwhile stays."""
    counts = {**_counted(victims), HolderKind.RESULT: 0}
    rows: dict[str, tuple[Index, list[Row]]] = {}
    for holder in victims:
        if isinstance(holder.source, Path):
            _remove(parts, holder.source)
        else:
            index, row = holder.source
            rows.setdefault(index.name, (index, []))[1].append(row)
    for index, these in rows.values():
        counts[HolderKind.RESULT] += index.forget(these)
    return counts


def _remove(parts: Parts, path: Path) -> None:
    """A handle, or a run's folder: out of sight first, so that nobody sees half of it."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    aside = parts.scratch.path("removed")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    discard(aside)


def _sweep(picture: _Picture, runs: Path) -> Swept:
    """Remove what nothing refers to *now*: what runs have recorded since is referred to."""
    references = References(picture.stored, picture.contents)
    for holder in all_holders(picture.parts, picture.indexes, runs):
        references.add(holder.items)
    return sweep(picture.parts, picture.stored, references, picture.cutoff)


def _tidy(parts: Parts, runs: Path, indexes: Sequence[Index], cutoff: float) -> None:
    """Databases that were moved aside as unusable, beginnings of runs that were killed, and slack."""
    for folder in (parts.home.root, parts.home.caches):
        for path in folder.glob("*.sqlite*.unusable-*"):
            if path.stat().st_mtime < cutoff:
                path.unlink(missing_ok=True)
    for folder in runs.glob("*") if runs.is_dir() else ():
        if not (folder / "run.json").exists() and folder.stat().st_mtime < cutoff:
            _remove(parts, folder)
    for index in indexes:
        index.database.compact()
